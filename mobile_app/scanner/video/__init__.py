"""Read codes in successive frames from a camera or a video file."""
