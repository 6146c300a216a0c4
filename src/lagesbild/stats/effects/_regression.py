"""The door to statsmodels: log-linear regression of counts, and logistic regression of shares, with honest errors.

Here live fitting and its covariance in the forms that the methods offer. Each method decides what goes into a model.
statsmodels takes a second to load and is imported when a model is first fitted.
"""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lagesbild.stats._arrays import FloatArray

ERRORS: Sequence[str] = ("quasi-poisson", "autoregressive", "newey-west", "negative-binomial")
STRONGEST = 0.98
LARGEST_ALPHA = 100.0
LARGEST_LOG = 700.0
SMALLEST_P = 1e-300


class NotFitted(Exception):
    """The numbers do not determine the model."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients with covariance, Pearson residuals and fitted means."""

    coefficients: FloatArray
    covariance: FloatArray
    residuals: FloatArray
    fitted: FloatArray
    dispersion: float
    df: float

    def contrast(self, weights: FloatArray, *, conf: float) -> tuple[float, float, float, float]:
        """exp of a linear combination, with limits and two-sided p by Student's t."""
        from scipy.stats import t as student

        effect = float(weights @ self.coefficients)
        se = math.sqrt(float(weights @ self.covariance @ weights))
        reach = float(student.ppf((1.0 + conf) / 2.0, self.df)) * se
        pvalue = float(2 * student.sf(abs(effect) / se, self.df)) if se > 0 else 1.0
        return safe_exp(effect), safe_exp(effect - reach), safe_exp(effect + reach), max(pvalue, SMALLEST_P)


def safe_exp(value: float) -> float:
    """Infinite where no number is large enough."""
    return math.exp(value) if value < LARGEST_LOG else math.inf


def default_lags(n: int) -> int:
    """How far back periods may be alike: 4 (n / 100)^(2/9), rounded down."""
    return int(4.0 * (n / 100.0) ** (2.0 / 9.0))


def fit_counts(y: FloatArray, design: FloatArray, *, offset: FloatArray, errors: str, lags: int) -> Fit:
    """Poisson regression with logarithmic link."""
    sm = _statsmodels()
    if errors == "negative-binomial":
        alpha = _alpha(y, design, offset)
        return _fit(sm.GLM(y, design, family=sm.families.NegativeBinomial(alpha=alpha), offset=offset), errors, lags)
    return _fit(sm.GLM(y, design, family=sm.families.Poisson(), offset=offset), errors, lags)


def fit_shares(y: FloatArray, n: FloatArray, design: FloatArray, *, errors: str, lags: int) -> Fit:
    """Logistic regression of y out of n."""
    sm = _statsmodels()
    return _fit(sm.GLM(np.column_stack([y, n - y]), design, family=sm.families.Binomial()), errors, lags)


def _statsmodels() -> Any:
    return importlib.import_module("statsmodels.api")  # without types


def _fit(model: Any, errors: str, lags: int) -> Fit:
    df = float(model.exog.shape[0] - model.exog.shape[1])
    if df < 1 or np.linalg.matrix_rank(model.exog) < model.exog.shape[1]:
        raise NotFitted
    how: dict[str, Any] = {}
    if errors == "newey-west":
        how = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = model.fit(maxiter=200, **how)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise NotFitted from error
    residuals = np.asarray(result.resid_pearson, dtype=np.float64)
    dispersion = float((residuals**2).sum() / df)
    covariance = np.asarray(result.cov_params(), dtype=np.float64)
    if errors == "quasi-poisson":
        covariance = covariance * max(dispersion, 1.0)
    elif errors == "autoregressive":
        weights = np.sqrt(
            np.asarray(model.family.weights(result.mu) * getattr(model, "n_trials", 1.0), dtype=np.float64)
        )
        covariance, df = _autoregressive(model.exog * weights[:, None], residuals, covariance)
    coefficients = np.asarray(result.params, dtype=np.float64)
    finite = bool(np.isfinite(covariance).all()) and float(np.abs(coefficients).max()) <= LARGEST_LOG
    if not (result.converged and finite):
        raise NotFitted
    fitted = np.asarray(result.fittedvalues, dtype=np.float64)
    return Fit(coefficients, covariance, residuals, fitted, dispersion, df)


def _alpha(y: FloatArray, design: FloatArray, offset: FloatArray) -> float:
    """Overdispersion α (variance μ + α μ²) at which Pearson's χ² equals its degrees of freedom; tiny if none."""
    from scipy.optimize import brentq

    sm = _statsmodels()
    df = len(y) - design.shape[1]

    def excess(log_alpha: float) -> float:
        family = sm.families.NegativeBinomial(alpha=math.exp(log_alpha))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = sm.GLM(y, design, family=family, offset=offset).fit(maxiter=200)
                return float(found.pearson_chi2) - float(df)
            except (ValueError, np.linalg.LinAlgError) as error:
                raise NotFitted from error

    if df < 1:
        raise NotFitted
    low, high = math.log(1e-6), math.log(LARGEST_ALPHA)
    if excess(low) <= 0 or excess(high) >= 0:
        return math.exp(low)
    return math.exp(float(brentq(excess, low, high, xtol=1e-4)))


def _autoregressive(scaled: FloatArray, residuals: FloatArray, naive: FloatArray) -> tuple[FloatArray, float]:
    """Covariance when counts vary by chance round a level that wanders (Zeger 1988), and the degrees of freedom left.

    `scaled` is the design times the root of the weights. Of the dispersion φ, 1 is chance; the rest is alike by ρ^k in
    periods k apart. Residuals are smaller and less alike than errors, since the model has bent towards them: φ and ρ
    are those with which residuals as large and as alike as these are to be expected. The degrees of freedom are
    Satterthwaite's for the sum of their squares.
    """
    basis = np.linalg.qr(scaled)[0]
    square, seen = float((residuals**2).sum()), serial_correlation(residuals)
    share, rho = 0.0, 0.0
    for _ in range(20):
        total = len(residuals) - _Alike(share, rho).within(basis)
        wanted = 1.0 - 1.0 / max(square / total, 1.0)
        found = _rho(basis, wanted, seen) if wanted > 0 else 0.0
        if abs(wanted - share) + abs(found - rho) < 1e-4:
            break
        share, rho = wanted, found
    alike = _Alike(share, rho)
    turned = alike.times(basis)
    inner = basis.T @ turned
    total = len(residuals) - float(np.trace(inner))
    spread = alike.sum_of_squares(len(residuals)) - 2 * float((turned**2).sum()) + float((inner**2).sum())
    middle = scaled.T @ alike.times(scaled)
    return np.asarray(max(square / total, 1.0) * naive @ middle @ naive), total**2 / spread


def _rho(basis: FloatArray, share: float, seen: float) -> float:
    """The ρ with which residuals are expected to be as alike as they are; between 0 and `STRONGEST`."""
    from scipy.optimize import brentq

    def too_alike(rho: float) -> float:
        turned = _Alike(share, rho).times(basis)
        inner = basis.T @ turned
        total = len(basis) - float(np.trace(inner))
        neighbours = (len(basis) - 1) * share * rho
        neighbours -= float((basis[:-1] * turned[1:]).sum() + (turned[:-1] * basis[1:]).sum())
        return (neighbours + float(((basis[:-1] @ inner) * basis[1:]).sum())) / total - seen

    if too_alike(0.0) >= 0:
        return 0.0
    return STRONGEST if too_alike(STRONGEST) <= 0 else float(brentq(too_alike, 0.0, STRONGEST, xtol=1e-6))


@dataclass(frozen=True)
class _Alike:
    """Correlation of errors: 1 in the same period, `share` ρ^k in periods k apart. The matrix is never made."""

    share: float
    rho: float

    def times(self, columns: FloatArray) -> FloatArray:
        """The matrix times each column, by running through it once each way."""
        from scipy.signal import lfilter

        forward = lfilter([1.0], [1.0, -self.rho], columns, axis=0)
        backward = lfilter([1.0], [1.0, -self.rho], columns[::-1], axis=0)[::-1]
        return np.asarray(columns + self.share * (forward + backward - 2 * columns), dtype=np.float64)

    def within(self, basis: FloatArray) -> float:
        return float((basis * self.times(basis)).sum())

    def sum_of_squares(self, n: int) -> float:
        apart = np.arange(1, n)
        return n + 2 * self.share**2 * float(((n - apart) * self.rho ** (2.0 * apart)).sum())


def serial_correlation(residuals: FloatArray) -> float:
    """Correlation of each residual with the next one."""
    total = float((residuals**2).sum())
    return float(residuals[1:] @ residuals[:-1]) / total if total > 0 else 0.0


def durbin_watson(residuals: FloatArray) -> float | None:
    """About 2 without correlation, towards 0 when neighbours are alike."""
    total = float((residuals**2).sum())
    return float((np.diff(residuals) ** 2).sum()) / total if total > 0 else None


def ljung_box_p(residuals: FloatArray, lags: int) -> float | None:
    """Are the correlations of residuals up to so many lags larger than chance makes them? (Ljung and Box 1978)"""
    from scipy.stats import chi2

    n, total = len(residuals), float((residuals**2).sum())
    if lags < 1 or lags >= n or not total > 0:
        return None
    terms = [(float(residuals[lag:] @ residuals[:-lag]) / total) ** 2 / (n - lag) for lag in range(1, lags + 1)]
    return float(chi2.sf(n * (n + 2) * sum(terms), lags))
