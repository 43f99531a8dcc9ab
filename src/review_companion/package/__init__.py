"""The data package: reading, validation, locators, corrections."""
