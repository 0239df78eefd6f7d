"""What each type of problem means, at the address that a problem names as its type."""

from flask import Response

from api.errors import dashed, problem
from api.fields import nearest_first
from api.languages import language
from api.later import DescribedLater
from api.lookups import NOT_CHANGED, sent
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.reading import LONGEST_ECHO
from api.refusals import PROBLEMS
from api.wording import Wording
from calculator.errors import Unreadable

MOST_NEAREST = 5


def problem_routes() -> DescribedLater:
    """GET /problems and GET /problems/{type}."""
    routes = DescribedLater("problems", "problems", description="The types of problems, in the reader's language.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [IF_NONE_MATCH, *REQUEST_HEADERS]

    @routes.get("/problems")
    @routes.doc(operationId="listProblemTypes", summary="Every type of problem", parameters=kept)
    @routes.response(
        200, "ProblemTypes", example={"items": [_documented("unknown_product", "en")]}, headers=HEADERS["kept"]
    )
    @unchanged
    def every() -> Response:
        return sent({"items": [_documented(code, language()) for code in sorted(PROBLEMS)]})

    @routes.get("/problems/<type>", parameters=[in_path("type", "The end of a problem's `type`.", "unknown-product")])
    @routes.doc(operationId="getProblemType", summary="What a type of problem means", parameters=kept)
    @routes.response(200, "ProblemType", example=_documented("unknown_product", "en"), headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 404)
    def one(type: str) -> Response:
        code = type.replace("-", "_")
        if code not in PROBLEMS or dashed(code) != type:
            named = type[:LONGEST_ECHO]
            nearest = nearest_first(named, [dashed(each) for each in sorted(PROBLEMS)])[:MOST_NEAREST]
            return problem(
                404, "unknown_problem_type", [Unreadable("unknown_problem_type", "/type", nearest, text=named)]
            )
        return sent(_documented(code, language()))

    return routes


def _documented(code: str, language: str) -> dict[str, str]:
    wording = Wording.of(language)
    return {"type": f"/problems/{dashed(code)}", "title": wording.title(code), "meaning": wording.problem(code, {})}
