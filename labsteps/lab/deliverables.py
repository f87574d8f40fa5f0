"""The deliverables: the report and the zip to hand in."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import RUN, part

DELIVERABLES = Step(
    "deliverables",
    Text("Deliverables", "Παραδοτέα"),
    (
        part(
            "report",
            {RUN},
            ("The report", "Η αναφορά"),
            (
                "A PDF with every step's figures, tables and your answers.",
                "Ένα PDF με τα σχήματα, τους πίνακες και τις απαντήσεις σας για κάθε βήμα.",
            ),
        ),
        part(
            "submit",
            {RUN},
            ("The zip to hand in", "Το zip για παράδοση"),
            ("The PDF and the Python code, named as asked.", "Το PDF και ο κώδικας Python, με το ζητούμενο όνομα."),
            needs=("report",),
        ),
    ),
)
