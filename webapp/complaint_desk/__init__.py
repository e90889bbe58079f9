"""The branch answers complaints."""
