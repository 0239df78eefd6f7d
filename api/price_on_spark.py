"""`galeon price --engine spark`: a Parquet file priced by a cluster, into a folder of Parquet files in the order of the rows."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from api.batches.tally import Tally

HERE = "127.0.0.1"


def price_on_spark(source: Path, target: Path, master: str, meant: Mapping[str, str], language: str) -> "Tally":
    """Price SOURCE into the folder TARGET, which must not be there; what came of the rows. Raises Refused."""
    from api import day_in_china, utc_now
    from api.batches.making import Maker
    from api.batches.tally import Tally

    if target.exists():
        raise click.BadParameter("TARGET is there already; Spark writes a new folder")
    with _session(master) as spark:
        from pyarrow import dataset
        from pyspark.errors import PySparkException
        from pyspark.sql.pandas.types import to_arrow_schema

        from api.batches.cluster import priced

        try:
            frame = spark.read.parquet(source.absolute().as_uri())
            maker = Maker(to_arrow_schema(frame.schema), meant, language, day_in_china(utc_now()))
            pieces = max(2, spark.sparkContext.defaultParallelism)
            priced(spark, frame, maker, pieces).write.parquet(target.absolute().as_uri())
        except PySparkException as error:
            raise click.ClickException(_told(error)) from None
    tally = Tally()
    written = dataset.dataset(target, format="parquet")
    for batch in written.to_batches(columns=written.schema.names[-1:]):
        tally.add(batch)
    return tally


@contextmanager
def _session(master: str) -> Iterator["SparkSession"]:
    """A session of Spark. One on this machine alone is open to this machine alone."""
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise click.ClickException("Spark is not installed: pip install 'galeon[spark]'") from None
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise click.ClickException("Spark needs Java 17 or newer (Debian: apt install openjdk-17-jre-headless)")
    # Otherwise the workers take whatever Python is the first on their path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", HERE)
    builder = SparkSession.builder.master(master).appName("galeon price")
    builder = builder.config("spark.ui.enabled", False).config("spark.sql.caseSensitive", True)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def _told(error: Exception) -> str:
    """What a worker said last, or Spark itself."""
    lines = [line for line in str(error).splitlines() if line and not line[0].isspace()]
    return next((line for line in lines if "OtherTables" in line), lines[0] if lines else type(error).__name__)
