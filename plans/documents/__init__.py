"""A version as files: `pdf`, `docx` (text), `sheets` (spreadsheet), `slides`; what they say is in `wording`."""
