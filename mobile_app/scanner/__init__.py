"""Read QR codes from pictures and camera frames; usable alone, see docs/scanner.md.

from mobile_app.scanner import scan_image
for code in scan_image("photo.jpg"):
    print(code.text, code.corners)
"""

from mobile_app.scanner.decode import scan_frame, scan_image
from mobile_app.scanner.engines.decoders import EngineStatus, engine_report
from mobile_app.scanner.findings import ScannedCode, TraceEntry
from mobile_app.scanner.image import Limits, UnreadableImage
from mobile_app.scanner.video.live import LiveScanner

__all__ = [
    "EngineStatus",
    "Limits",
    "LiveScanner",
    "ScannedCode",
    "TraceEntry",
    "UnreadableImage",
    "engine_report",
    "scan_frame",
    "scan_image",
]
