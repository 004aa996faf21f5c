"""What people type into pages: checked, and made into what an act takes."""
