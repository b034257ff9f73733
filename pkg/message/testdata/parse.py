"""Prints what Python's email package reads in each message named, as a list in JSON."""
import email
import email.policy
import hashlib
import json
import sys


def leaf(part):
    content = part.get_payload(decode=True)
    if part.get_filename() is None:  # the parser gives text the line ends of the host
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return {
        "type": part.get_content_type(),
        "filename": part.get_filename() or "",
        "disposition": part.get_content_disposition() or "",
        "cid": part.get("Content-ID", "").strip("<>"),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def read(path):
    with open(path, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    return {
        "subject": str(m["Subject"] or ""),
        "from": [[a.display_name, a.addr_spec] for a in m["From"].addresses],
        "to": [[a.display_name, a.addr_spec] for a in m["To"].addresses],
        "fields": [name.lower() for name in m.keys()],
        "comment": str(m["X-Comment"] or ""),
        "types": [p.get_content_type() for p in m.walk()],
        "leaves": [leaf(p) for p in m.walk() if not p.is_multipart()],
        "defects": [type(d).__name__ for p in m.walk() for d in p.defects],
    }


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
