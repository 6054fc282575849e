"""Blocks of a report as plain values, which a page shows as headings and tables."""

from typing import Any

from simcoalesce.report.blocks.report import Block, Report, tone_of


def block_document(block: Block) -> dict[str, Any]:
    """Return a block without its pictures; each text with its tone, if it has one."""
    return {
        "title": block.title,
        "lines": [_text(line) for line in block.lines],
        "header": list(block.header),
        "rows": [[_text(text) for text in row] for row in block.rows],
        "numbers": list(block.numbers),
        "notes": list(block.notes),
    }


def report_document(report: Report) -> dict[str, Any]:
    """Return a report without its pictures."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "headline": report.headline,
        "blocks": [block_document(block) for block in report.blocks],
    }


def _text(text: str) -> dict[str, str]:
    tone = tone_of(text)
    return {"text": text, "tone": tone} if tone else {"text": text}
