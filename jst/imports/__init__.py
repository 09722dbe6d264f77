"""Official registers, read as they were downloaded.

`reading` turns any official file into rows; a module for each register says what its rows mean;
`report` is what every import answers.
"""
