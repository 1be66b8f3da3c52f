"""Configuration: layers that merge, and values that mean one thing."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from lib.config import Secret, config_hash, load_config, redacted
from lib.errors import ConfigError

BASE = """
include:
  business.statuses: statuses.yaml
  calendar.festivals: festivals.yaml
tables: {root: data/tables}
sources:
  orders: {format: csv, path: in/orders.csv}
business:
  segments: {premium_above: 50, regular_above: 10}
"""
FILES = {
    "base.yaml": BASE,
    "statuses.yaml": "delivered: DELIVERED\nshipped: SHIPPED\n",
    "festivals.yaml": '- {name: Diwali, dates: ["2025-10-20"]}\n',
    "local.yaml": "tables: {format: parquet}\n",
    "none.yaml": "{}\n",
}


@pytest.fixture
def make(tmp_path):
    """Writes a conf/ folder and loads it: `make({"prod.yaml": "..."}, "prod", "tables.root=x")`."""

    def load(files=None, env="local", *settings):
        for name, content in {**FILES, **(files or {})}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
        return load_config(tmp_path, env, settings)

    return load


def test_the_overlay_lies_over_base_and_settings_over_both(make):
    files = {"local.yaml": "business: {segments: {premium_above: 60}}\ntables: {format: parquet}\n"}
    config = make(files, "local", "business.segments.regular_above=20", "tables.root=/tmp/x")
    assert (config.business.segments.premium_above, config.business.segments.regular_above) == (60, 20)
    assert (config.tables.root, config.tables.format) == ("/tmp/x", "parquet")


def test_include_places_a_file_at_its_key_and_later_layers_add_to_it(make):
    config = make({"local.yaml": "business: {statuses: {rto: RETURNED, shipped: DELIVERED}}\n"})
    assert config.business.statuses == {"delivered": "DELIVERED", "shipped": "DELIVERED", "rto": "RETURNED"}
    assert [festival.name for festival in config.calendar.festivals] == ["Diwali"]


def test_a_list_is_replaced_as_a_whole(make):
    config = make({"local.yaml": "business: {review: {methods: [EMI]}}\n"})
    assert config.business.review.methods == ("EMI",)


@pytest.mark.parametrize("extends", ["prod", "prod.yaml"])
def test_an_overlay_extends_another_by_name_or_by_path(make, extends):
    files = {
        "prod.yaml": "tables: {root: /prod}\nlimits: {max_dates: 7}\n",
        "pilot.yaml": f"extends: {extends}\ntables: {{root: /pilot}}\n",
    }
    config = make(files, "pilot")
    assert (config.tables.root, config.limits.max_dates) == ("/pilot", 7)


def test_an_overlay_elsewhere_is_given_by_path_and_finds_its_neighbours(make, tmp_path):
    files = {
        "elsewhere/common.yaml": "limits: {max_dates: 3}\n",
        "elsewhere/shop.yaml": "extends: common.yaml\ninclude: {business.channels: channels.yaml}\n",
        "elsewhere/channels.yaml": "counter: seller\n",
    }
    config = make(files, str(tmp_path / "elsewhere" / "shop.yaml"))
    assert (config.limits.max_dates, config.business.channels) == (3, {"counter": "seller"})


def test_variables_of_the_environment_and_their_defaults(make, monkeypatch):
    monkeypatch.setenv("SHOP_ROOT", "/data/shop")
    monkeypatch.setenv("SHOP_LIMIT", "12")
    monkeypatch.delenv("SHOP_UNSET", raising=False)
    config = make(
        {
            "local.yaml": "tables: {root: '${env:SHOP_ROOT}/tables'}\nlimits: {max_dates: '${env:SHOP_LIMIT}'}\n"
            "sources: {orders: {path: '${env:SHOP_UNSET:-in}/${env:SHOP_UNSET:-}x.csv'}}\n"
        }
    )
    assert config.tables.root == "/data/shop/tables"
    assert config.limits.max_dates == 12  # text that is a whole number is one
    assert config.sources.orders.path == "in/x.csv"


def test_numbers_are_exact_decimals(make):
    config = make(None, "local", "quality.default_gate.max_refused_share=0.07", "business.review.above_inr=50000.50")
    assert config.quality.default_gate.max_refused_share == Decimal("0.07")
    assert config.business.review.above_inr == Decimal("50000.50")


def test_secrets_are_references_that_are_never_printed(make, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    (tmp_path / "token").write_text("  s3cret\n")
    config = make(
        {
            "local.yaml": "spark: {spark.hadoop.a: '${secret:env/SHOP_PASSWORD}', "
            "spark.hadoop.b: '${secret:file/" + str(tmp_path) + "/token}', "
            "spark.hadoop.c: '${secret:env/SHOP_NOT_SET}'}\n"
        }
    )
    a, b, c = (config.spark[f"spark.hadoop.{key}"] for key in "abc")
    assert isinstance(a, Secret)
    assert isinstance(b, Secret)
    assert (a.reveal(), b.reveal()) == ("hunter2", "s3cret")
    for printed in (str(config), repr(config), str(redacted(config)), f"{a} {a!r} {a!s}", str(attrs.asdict(config))):
        assert "hunter2" not in printed
        assert "s3cret" not in printed
    assert redacted(config)["spark"]["spark.hadoop.a"] == "***"
    with pytest.raises(ConfigError, match="SHOP_NOT_SET"):
        c.reveal()


def test_the_hash_tells_whether_anything_that_matters_changed(make, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", "one")
    files = {"local.yaml": "spark: {spark.hadoop.password: '${secret:env/SHOP_PASSWORD}'}\n"}
    before = config_hash(make(files))
    monkeypatch.setenv("SHOP_PASSWORD", "two")
    assert config_hash(make(files)) == before  # a secret's value is not configuration
    assert config_hash(make(files, "local", "limits.max_dates=399")) != before
    assert len(before) == 64


def test_the_order_of_keys_does_not_change_the_hash(make):
    one = config_hash(make({"local.yaml": "spark: {a: 1, b: 2}\nlimits: {max_dates: 3}\n"}))
    assert config_hash(make({"local.yaml": "limits: {max_dates: 3}\nspark: {b: 2, a: 1}\n"})) == one


PAGE = Path(__file__).parents[2] / "docs" / "sources.md"


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(extends: base\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
def test_examples_of_the_page_of_sources_are_valid(conf, tmp_path, example):
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    orders = () if "  orders:" in example else ("sources.orders.format=csv", "sources.orders.path=x")
    assert load_config(conf, str(tmp_path / "example.yaml"), orders).sources.given()


@pytest.mark.parametrize("env", ["local", "examples/amazon_in.yaml"])
def test_the_projects_own_configurations_are_valid(conf, env):
    config = load_config(conf, env)
    assert "orders" in config.sources.given()
    assert len(config.places.states) == 36
    assert config.business.statuses["out for delivery"] == "SHIPPED"
