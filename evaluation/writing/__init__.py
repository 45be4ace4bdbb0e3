"""What people see while they write a report: differences, words, a preview, who is told."""
