"""What those who change the program run; nothing of it is needed to render."""
