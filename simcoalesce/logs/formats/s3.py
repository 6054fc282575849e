"""Server access logs of Amazon S3."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class S3(TextFormat):
    """Stamps of one second, of the start; the host is the one that was asked."""

    kind: ClassVar[str] = "s3"
    precedence: ClassVar[int] = 10
    expects: ClassVar[str] = "a server access log of Amazon S3"
    shape: ClassVar[str] = (
        'owner bucket [time] client requester id operation key "METHOD /path HTTP/1.1"'
        " status error sent size total turnaround ..."
    )
    source: ClassVar[str] = (
        "docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html: Time is when the"
        " request was received, Total Time is in ms, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "79a5 amzn-s3-demo-bucket [05/Jun/2026:12:00:00 +0000] 192.0.2.7 79a5 3E57"
        ' REST.GET.OBJECT p/1 "GET /p/1 HTTP/1.1" 200 - 512 512 130 128 "-" "ua" -'
        " s9lz="
        " SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader"
        " amzn-s3-demo-bucket.s3.eu-central-1.amazonaws.com TLSV1.2 - -"
    )
    duration_unit: ClassVar[str] = "ms"
    pattern: ClassVar[str] = (
        r"\S+ \S+ \[(?P<time>[^\]]+)\] \S+ \S+ \S+ \w++\.\w++\.?+\S*+ \S+"
        r' "(?P<method>[A-Z-]+) (?P<uri>[^ "]++)[^"]*+" (?P<status>\d{3}|-) \S+ \S+ \S+'
        r' (?P<duration>\d+|-) \S+(?: "[^"]*" "[^"]*" \S+ \S+ \S+ \S+ \S+'
        r" (?P<host>\S+))?"
    )
