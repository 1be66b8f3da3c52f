"""Says which packages the distribution holds; all else is in pyproject.toml.

A script because `conf/`, which people edit, stands at the top of the checkout and is installed as `lib/conf`,
where `importlib.resources` finds it in a wheel and in a zip alike. pyproject.toml cannot say that.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["lib", "lib.*", "jobs", "jobs.*"]), "lib.conf"],
    package_dir={"lib.conf": "conf"},
    package_data={"": ["reference/**/*", "*.sql", "*.html", "py.typed"], "lib.conf": ["**/*"]},
)
