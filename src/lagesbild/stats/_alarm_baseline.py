"""What a series may be expected to do, from its own past: level, trend and season, and how much it varies.

Here live the regression with earlier outbreaks weighted down, and the distribution of the next counts. When that
becomes an alarm is in `alarm`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray

# Periods further out than this, in standard normal terms, are taken for outbreaks and count less (Noufaily et al.).
OUTBREAK = 2.58
ROUNDS, STEPS = 40, 50
SETTLED = 1e-3
NODES = 15
NEGLIGIBLE = 1e-8
# A logarithm of the mean this uncertain says nothing.
UNKNOWN = 2.0


@dataclass(frozen=True, eq=False)
class Baseline:
    """Expected counts of all periods with the standard error of their logarithm, and their distribution."""

    mean: FloatArray
    log_se: FloatArray
    alpha: float
    weight: FloatArray
    autocorrelation: float

    def tail(self, counts: FloatArray, at: int) -> FloatArray:
        """Probability of at least so many events in one period, the mean being known as well as it is.

        Averaged over the normal distribution of the logarithm of the mean (Gauss and Hermite).
        """
        node, share = _normal_nodes()
        mean = self.mean[at] * np.exp(node * self.log_se[at])
        return np.asarray(tail(counts[:, None], mean[None, :], self.alpha) @ share)


@functools.cache
def _normal_nodes() -> tuple[FloatArray, FloatArray]:
    """Points of the standard normal distribution, and the share that each stands for."""
    node, share = np.polynomial.hermite_e.hermegauss(NODES)
    return node.astype(np.float64), (share / share.sum()).astype(np.float64)


def tail(counts: FloatArray, mean: FloatArray, alpha: float) -> FloatArray:
    """P(X ≥ count) for a negative binomial with variance μ + α μ²; Poisson when α is 0."""
    from scipy.special import betainc, gammainc

    least = np.maximum(counts, 1.0)
    if alpha < NEGLIGIBLE:
        beyond = gammainc(least, mean)
    else:
        beyond = betainc(least, 1 / alpha, alpha * mean / (1 + alpha * mean))
    return np.where(counts > 0, beyond, 1.0)


def design(n: int, n_baseline: int, *, per_year: float, harmonics: int, trend: bool) -> FloatArray:
    """Columns of the regression: a constant, years, and waves of the year."""
    t = np.arange(n, dtype=np.float64)
    columns = [np.ones(n)]
    if trend:
        columns.append((t - n_baseline / 2) / per_year)
    for wave in range(1, harmonics + 1):
        angle = 2 * np.pi * wave * t / per_year
        columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)


def fitted(
    counts: FloatArray, exposure: FloatArray, columns: FloatArray, past: BoolArray, *, downweight: bool
) -> Baseline | None:
    """The baseline from the periods of the past; None when the regression has no sensible answer."""
    x, e, rows = counts[past], exposure[past], columns[past]
    weight, alpha = np.ones(len(x)), 0.0
    for _ in range(ROUNDS):
        # The dispersion goes with the mean: once from the mean of the round before, once from its own.
        before, mean = alpha, _regression(x, e, rows, weight, alpha)[1]
        alpha = _dispersion(x, mean, weight, df=float(weight.sum()) - rows.shape[1])
        slopes, mean, covariance = _regression(x, e, rows, weight, alpha)
        outbreaks = _weights(x, mean, alpha) if downweight else weight
        if float(np.abs(outbreaks - weight).max()) < SETTLED and abs(alpha - before) <= SETTLED * alpha:
            break
        weight = outbreaks
    log_mean = columns @ slopes
    log_se = np.sqrt(np.maximum(np.sum(columns @ covariance * columns, axis=1), 0.0))
    if not bool(np.isfinite(log_se).all()) or float(log_se.max()) > UNKNOWN:
        return None
    residual = (x - mean) * np.sqrt(weight / (mean + alpha * mean * mean))
    return Baseline(
        np.exp(log_mean) * exposure, log_se, alpha, weight, _autocorrelation(residual, np.flatnonzero(past))
    )


def _regression(
    x: FloatArray, e: FloatArray, rows: FloatArray, weight: FloatArray, alpha: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Slopes, means and covariance of the log-linear regression, by weighted least squares again and again.

    The covariance takes the weights as so many observations. Not finite when it does not converge.
    """
    mean = np.maximum(x, 0.5)
    slopes = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        working = weight * mean / (1 + alpha * mean)
        target = np.log(mean / e) + (x - mean) / mean
        try:
            covariance: FloatArray = np.linalg.inv(rows.T @ (working[:, None] * rows)).astype(np.float64)
        except np.linalg.LinAlgError:
            break
        before, slopes = slopes, np.asarray(covariance @ (rows.T @ (working * target)))
        mean = np.asarray(np.exp(np.clip(rows @ slopes, -30, 30)) * e, dtype=np.float64)
        if float(np.abs(slopes - before).max()) < NEGLIGIBLE:
            return slopes, mean, covariance
    return slopes, mean, np.full((len(slopes), len(slopes)), np.nan)


def _dispersion(x: FloatArray, mean: FloatArray, weight: FloatArray, *, df: float) -> float:
    """α ≥ 0 at which the weighted squared deviations in units of their variance add up to the degrees of freedom."""
    squares = weight * (x - mean) ** 2

    def excess(alpha: float) -> float:
        return float(np.sum(squares / (mean + alpha * mean**2))) - df

    if df <= 0 or excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while excess(high) > 0 and high < 1e6:
        low, high = high, 4 * high
    while high - low > 1e-10 + 1e-6 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high


def _weights(x: FloatArray, mean: FloatArray, alpha: float) -> FloatArray:
    """1, or less the further a count is above what is usual."""
    from scipy.special import ndtri

    outlying = np.maximum(-ndtri(np.maximum(tail(x, mean, alpha), 1e-300)), NEGLIGIBLE)
    return np.where(outlying > OUTBREAK, (OUTBREAK / outlying) ** 2, 1.0)


def _autocorrelation(residual: FloatArray, at: IntArray) -> float:
    """Correlation of neighbouring periods."""
    neighbours = np.diff(at) == 1
    total = float(residual @ residual)
    products = residual[1:][neighbours] * residual[:-1][neighbours]
    return float(products.sum()) / total if total > 0 and math.isfinite(total) else 0.0
