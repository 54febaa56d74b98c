"""What an audit hands back, and every form it is shown in."""
