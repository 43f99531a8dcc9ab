"""What `companion check` finds in definitions and chapters, executing nothing."""
