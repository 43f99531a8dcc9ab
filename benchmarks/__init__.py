"""Times the real report and generated ones, each against other tools in the same run."""
