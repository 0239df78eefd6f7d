"""`galeon price --engine spark`: a Parquet file priced by a cluster, into a folder of Parquet files in the order of the rows."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from api.batches.tally import Tally
    from api.price_cli import Wanted

HERE = "127.0.0.1"


def by_cluster(wanted: "Wanted", forms: set[str], master: str) -> "Tally":
    """Price the source into the folder that the target names, which must not be there; what came of the rows."""
    from api.reading import Refused
    from api.terminal import print_refusals

    if forms != {"parquet"} or "-" in (f"{wanted.source}", f"{wanted.target}"):
        raise click.BadParameter("Spark prices Parquet files into Parquet files", param_hint="--engine")
    if wanted.resume or wanted.workers > 1:
        raise click.BadParameter("Spark shares out the work itself, and begins it anew", param_hint="--engine")
    if wanted.target.exists():
        raise click.BadParameter("TARGET is there already; Spark writes a new folder")
    try:
        _price(wanted, master)
    except Refused as refused:
        print_refusals(refused.refusals, wanted.language)
        sys.exit(1)
    return _counted(wanted.target)


def _price(wanted: "Wanted", master: str) -> None:
    from api import day_in_china, utc_now
    from api.batches.making import Maker

    with _session(master) as spark:
        from pyspark.errors import PySparkException
        from pyspark.sql.pandas.types import to_arrow_schema

        from api.batches.cluster import priced

        try:
            frame = spark.read.parquet(wanted.source.absolute().as_uri())
            maker = Maker(to_arrow_schema(frame.schema), wanted.meant, wanted.language, day_in_china(utc_now()))
            pieces = max(2, spark.sparkContext.defaultParallelism)
            priced(spark, frame, maker, pieces).write.parquet(wanted.target.absolute().as_uri())
        except PySparkException as error:
            raise click.ClickException(_told(error)) from None


def _counted(target: Path) -> "Tally":
    """What came of the rows: their last column, read again."""
    from pyarrow import dataset

    from api.batches.tally import Tally

    tally, written = Tally(), dataset.dataset(target, format="parquet")
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
    builder = builder.config("spark.ui.enabled", False).config("spark.ui.showConsoleProgress", False)
    spark = builder.config("spark.sql.caseSensitive", True).getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def _told(error: Exception) -> str:
    """What a worker said last, or Spark itself."""
    lines = [line for line in str(error).splitlines() if line and not line[0].isspace()]
    return next((line for line in lines if "OtherTables" in line), lines[0] if lines else type(error).__name__)
