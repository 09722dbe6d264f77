"""A version as files: `pdf`, `docx` (text), `sheets` and `slides`; what they say is in `wording`."""
