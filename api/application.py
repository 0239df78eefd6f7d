"""The Flask application: the routes together, what every call goes through, and the specification."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from flask import Flask

from api.aiming import target_routes
from api.away import register_away
from api.batching import Begin, batch_routes
from api.browse.routes import browse_routes
from api.calendars import calendar_routes
from api.calls import register_calls
from api.cell_errors import register_cell_errors
from api.cell_quotes import CellQuotes
from api.comparing import comparison_routes
from api.compression import register_compression
from api.declaring import declaration_routes
from api.deprecations import DEPRECATED, register_deprecations
from api.docs import docs_routes
from api.embedding import embedding_routes
from api.errors import LONGEST_BODY, Application, register_errors
from api.exchange import register_exchange
from api.fields import Known
from api.front_page import front_routes
from api.fx import fx_routes
from api.health import health_routes
from api.incoterms import incoterm_routes
from api.jobs import Jobs
from api.logistics import logistics_routes
from api.logs import told
from api.mcp.doing import Doing
from api.mcp.route import mcp_routes
from api.mcp.tools import Tools
from api.meta import meta_routes
from api.metrics import Metrics, metrics_routes
from api.openapi import DocumentedApi, describe
from api.problems import problem_routes
from api.products import product_routes
from api.quotes import example_answer, quote_routes
from api.rails import rail_routes
from api.reconciling import reconciliation_routes
from api.regimes import regime_routes
from api.rules import rule_routes
from api.schedule.routes import schedule_routes
from api.schemas import QuoteIn
from api.security import register_security
from api.sharing import sharing_routes
from api.sheet_files import sheet_file_routes
from api.sheets import sheet_routes
from api.signing import Signing
from api.signing_routes import signing_routes
from api.store import Store
from api.stressing import sensitivity_routes
from api.supposing import what_if_routes
from api.tariff_lines import Lookup, tariff_line_routes
from api.units import unit_routes
from tariffs.book import Book


def application(
    known: Known,
    book: Book,
    store: Store,
    clock: Callable[[], datetime],
    door: Callable[[Flask], None],
    begin: Begin,
    signing: Signing,
    not_taken: Callable[[], str],
    before: Flask | None = None,
) -> Flask:
    """Wire the routes over one book and one store, behind a door.

    `begin` sees that jobs are worked on, and `signing` is what quotes as files are signed with. `not_taken` says why a release
    that is meant to serve does not, and `before` is the application that this one follows, whose counts go on.
    """
    app = Application("api", static_folder=None)
    app.config.update(
        API_TITLE="Galeón",
        API_VERSION=_version(),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=LONGEST_BODY,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    metrics = Metrics(book, store, known.today, None if before is None else before.extensions["galeon-metrics"])
    app.extensions["galeon-metrics"] = metrics
    # What is registered first sees an answer last.
    register_calls(app, told, metrics.count)
    register_cell_errors(app)
    door(app)
    register_compression(app)
    register_security(app)
    register_exchange(app)
    register_errors(app)
    register_away(app)
    register_deprecations(app, DEPRECATED)

    api = DocumentedApi(app)
    describe(api)
    schema = QuoteIn(known)
    example = example_answer(book, schema)
    api.register_blueprint(quote_routes(book, store, schema, clock, example, signing.key))
    api.register_blueprint(comparison_routes(book, schema))
    api.register_blueprint(target_routes(book, schema, clock))
    api.register_blueprint(sensitivity_routes(book, schema))
    api.register_blueprint(what_if_routes(book, schema))
    api.register_blueprint(calendar_routes(book, schema))
    api.register_blueprint(reconciliation_routes(book, store, schema))
    api.register_blueprint(batch_routes(book, schema, Jobs(store.engine), clock, begin))
    api.register_blueprint(declaration_routes(book, store, schema))
    api.register_blueprint(signing_routes(signing.published))
    api.register_blueprint(sharing_routes(book, store, clock, example))
    api.register_blueprint(sheet_routes(CellQuotes(book, store, schema, clock)))
    api.register_blueprint(sheet_file_routes())
    api.register_blueprint(meta_routes(book, known.today))
    lookup = Lookup(book.records)
    api.register_blueprint(tariff_line_routes(lookup, known.today))
    api.register_blueprint(schedule_routes(book.records, known.today))
    api.register_blueprint(product_routes(lookup))
    api.register_blueprint(regime_routes(book, known.today))
    api.register_blueprint(rule_routes(book))
    api.register_blueprint(logistics_routes(book.records))
    api.register_blueprint(rail_routes(book.records))
    api.register_blueprint(incoterm_routes(book.records))
    api.register_blueprint(unit_routes(book.records))
    api.register_blueprint(fx_routes(book, known.today))
    api.register_blueprint(problem_routes())
    api.register_blueprint(health_routes(book, store, known.today, not_taken))
    api.register_blueprint(metrics_routes(metrics))
    api.register_blueprint(embedding_routes(_version()))
    tools = Tools(Doing(book, schema, lookup, clock, store), lambda: api.written, _version())
    app.extensions["galeon-mcp"] = tools
    app.register_blueprint(mcp_routes(tools))
    app.register_blueprint(docs_routes())
    app.register_blueprint(front_routes())
    app.register_blueprint(browse_routes(lookup, known.today))
    return app


def _version() -> str:
    try:
        return version("galeon")
    except PackageNotFoundError:
        return "0"
