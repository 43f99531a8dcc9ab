"""The report in a browser, made again after every save."""
