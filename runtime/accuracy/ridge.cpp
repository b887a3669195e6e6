#include "runtime/accuracy/ridge.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "runtime/accuracy/prediction.hpp"

namespace gensynth::accuracy {
namespace {

constexpr double kCovarianceRidge = 0.1;  ///< added to the variances, in units of them
constexpr double kLeastDeviation = 1e-3;

FeatureRole role(Eigen::Index i) { return accuracy_feature_infos()[static_cast<std::size_t>(i)].role; }

std::vector<double> family_weights(const std::vector<AccuracySample>& samples) {
  std::map<std::string, int> sizes;
  for (const AccuracySample& s : samples) ++sizes[s.family];
  std::vector<double> weights;
  for (const AccuracySample& s : samples) weights.push_back(1 / std::sqrt(static_cast<double>(sizes[s.family])));
  return weights;
}

void standardise(const std::vector<AccuracySample>& samples, AccuracyCoefficients& c) {
  const double n = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    double mean = 0, square = 0;
    c.low[i] = std::numeric_limits<double>::infinity();
    c.high[i] = -c.low[i];
    for (const AccuracySample& s : samples) {
      const double value = s.figures.features[i];
      mean += value / n;
      c.low[i] = std::min(c.low[i], value);
      c.high[i] = std::max(c.high[i], value);
    }
    for (const AccuracySample& s : samples) {
      square += (s.figures.features[i] - mean) * (s.figures.features[i] - mean) / n;
    }
    c.mean[i] = mean;
    c.deviation[i] = std::max({kLeastDeviation, accuracy_feature_infos()[i].least_deviation, std::sqrt(square)});
  }
}

/// Non-negative coefficients by an active set: the most negative one that may not be is dropped, and the rest refitted.
Eigen::VectorXd solve(const Eigen::MatrixXd& x, const Eigen::VectorXd& y, double ridge) {
  std::vector<Eigen::Index> active;
  for (Eigen::Index i = 0; i < kAccuracyFeatures; ++i) {
    if (role(i) != FeatureRole::structure) active.push_back(i);
  }
  active.push_back(kAccuracyFeatures);
  Eigen::VectorXd beta = Eigen::VectorXd::Zero(kAccuracyFeatures + 1);
  for (;;) {
    const Eigen::MatrixXd part = x(Eigen::all, active);
    Eigen::MatrixXd normal = part.transpose() * part;
    for (std::size_t i = 0; i < active.size(); ++i) {
      if (active[i] < kAccuracyFeatures) normal.diagonal()[static_cast<Eigen::Index>(i)] += ridge;
    }
    const Eigen::VectorXd solved = normal.ldlt().solve(part.transpose() * y);
    beta.setZero();
    for (std::size_t i = 0; i < active.size(); ++i) beta[active[i]] = solved[static_cast<Eigen::Index>(i)];
    auto worst = active.end();
    for (auto at = active.begin(); at != active.end(); ++at) {
      if (*at == kAccuracyFeatures || role(*at) != FeatureRole::grows || beta[*at] >= 0) continue;
      if (worst == active.end() || beta[*at] < beta[*worst]) worst = at;
    }
    if (worst == active.end()) return beta;
    active.erase(worst);
  }
}

}  // namespace

AccuracyCoefficients fit_ridge(const std::vector<AccuracySample>& samples, double ridge) {
  AccuracyCoefficients c;
  standardise(samples, c);
  const std::vector<double> weights = family_weights(samples);
  const auto n = static_cast<Eigen::Index>(samples.size());
  Eigen::MatrixXd x(n, kAccuracyFeatures + 1);
  Eigen::VectorXd y(n);
  Eigen::MatrixXd z(n, kAccuracyFeatures);
  double total = 0;
  std::vector<PublishedNetwork> published;
  for (Eigen::Index r = 0; r < n; ++r) {
    const AccuracySample& s = samples[static_cast<std::size_t>(r)];
    const double weight = weights[static_cast<std::size_t>(r)];
    const double root = std::sqrt(weight);
    for (int i = 0; i < kAccuracyFeatures; ++i) {
      const auto at = static_cast<std::size_t>(i);
      z(r, i) = (s.figures.features[at] - c.mean[at]) / c.deviation[at];
      x(r, i) = root * z(r, i);
    }
    x(r, kAccuracyFeatures) = root;
    y(r) = root * logit(s.top1);
    c.prior += weight * logit(s.top1);
    total += weight;
    published.push_back({s.network, s.figures.params, s.figures.macs, s.top1});
  }
  c.prior /= total;
  c.frontier = frontier_of(std::move(published));

  const Eigen::VectorXd beta = solve(x, y, ridge);
  for (int i = 0; i < kAccuracyFeatures; ++i) c.coefficient[static_cast<std::size_t>(i)] = beta[i];
  c.intercept = beta[kAccuracyFeatures];
  c.networks = static_cast<int>(samples.size());
  c.ridge = ridge;
  Eigen::MatrixXd covariance = z.transpose() * z / static_cast<double>(n);
  covariance.diagonal().array() += kCovarianceRidge;
  const Eigen::MatrixXd precision = covariance.inverse();
  for (int i = 0; i < kAccuracyFeatures; ++i) {
    for (int j = 0; j < kAccuracyFeatures; ++j) {
      c.precision[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = precision(i, j);
    }
  }
  return c;
}

}  // namespace gensynth::accuracy
