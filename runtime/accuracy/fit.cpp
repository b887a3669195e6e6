#include "runtime/accuracy/fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::accuracy {
namespace {

constexpr double kCovarianceRidge = 0.1;  ///< added to the variances, in units of them
constexpr double kConfidence = 0.9;

double logit(double percent) { return std::log(percent / (100 - percent)); }
double percent(double logit) { return 100 / (1 + std::exp(-logit)); }

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
      mean += s.features[i] / n;
      c.low[i] = std::min(c.low[i], s.features[i]);
      c.high[i] = std::max(c.high[i], s.features[i]);
    }
    for (const AccuracySample& s : samples) square += (s.features[i] - mean) * (s.features[i] - mean) / n;
    c.mean[i] = mean;
    c.deviation[i] = std::max(1e-3, std::sqrt(square));
  }
}

AccuracyCoefficients fit_once(const std::vector<AccuracySample>& samples, double ridge) {
  AccuracyCoefficients c;
  standardise(samples, c);
  const std::vector<double> weights = family_weights(samples);
  const auto n = static_cast<Eigen::Index>(samples.size());
  Eigen::MatrixXd x(n, kAccuracyFeatures + 1);
  Eigen::VectorXd y(n);
  Eigen::MatrixXd z(n, kAccuracyFeatures);
  for (Eigen::Index r = 0; r < n; ++r) {
    const AccuracySample& s = samples[static_cast<std::size_t>(r)];
    const double w = std::sqrt(weights[static_cast<std::size_t>(r)]);
    for (int i = 0; i < kAccuracyFeatures; ++i) {
      const auto at = static_cast<std::size_t>(i);
      z(r, i) = (s.features[at] - c.mean[at]) / c.deviation[at];
      x(r, i) = w * z(r, i);
    }
    x(r, kAccuracyFeatures) = w;
    y(r) = w * logit(s.top1);
  }

  // An active set keeps coefficients at or above zero: the most negative one that must not be is dropped, and the
  // others are fitted again.
  std::vector<Eigen::Index> active;
  for (Eigen::Index i = 0; i <= kAccuracyFeatures; ++i) active.push_back(i);
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
      if (*at == kAccuracyFeatures || !accuracy_feature_infos()[static_cast<std::size_t>(*at)].grows) continue;
      if (beta[*at] < 0 && (worst == active.end() || beta[*at] < beta[*worst])) worst = at;
    }
    if (worst == active.end()) break;
    active.erase(worst);
  }

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

struct HeldOut {
  double residual = 0;  // logits
  double growth = 1;
  double distance = 0;
};

/// Fills in `held_out` of the samples and returns their residuals.
std::vector<HeldOut> leave_families_out(std::vector<AccuracySample>& samples, double ridge) {
  std::set<std::string> families;
  for (const AccuracySample& s : samples) families.insert(s.family);
  std::vector<HeldOut> held(samples.size());
  for (const std::string& family : families) {
    std::vector<AccuracySample> rest;
    for (const AccuracySample& s : samples) {
      if (s.family != family) rest.push_back(s);
    }
    const AccuracyCoefficients c = fit_once(rest, ridge);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (samples[i].family != family) continue;
      const AccuracyFeatures z = standardised(samples[i].features, c);
      const double predicted = logit_top1(z, c);
      samples[i].held_out = percent(predicted);
      const double distance = mahalanobis(z, c);
      held[i] = {predicted - logit(samples[i].top1), interval_growth(distance, c.networks), distance};
    }
  }
  return held;
}

double squared_error(const std::vector<AccuracySample>& samples) {
  double sum = 0;
  for (const AccuracySample& s : samples) sum += (s.held_out - s.top1) * (s.held_out - s.top1);
  return sum;
}

double kendall_of(const std::vector<AccuracySample>& samples) {
  double score = 0, pairs = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double product = (samples[i].top1 - samples[j].top1) * (samples[i].held_out - samples[j].held_out);
      if (samples[i].top1 == samples[j].top1) continue;
      score += product > 0 ? 1 : product < 0 ? -1 : 0;
      pairs += 1;
    }
  }
  return pairs > 0 ? score / pairs : 0;
}

double order_statistic(std::vector<double> values, double rank) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(std::max(1.0, std::ceil(rank))) - 1;
  return values[std::min(at, values.size() - 1)];
}

}  // namespace

std::vector<AccuracySample> reference_accuracy_samples() {
  std::vector<AccuracySample> samples;
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    if (!facts.top1) continue;
    samples.push_back({facts.name, facts.family, accuracy_features(zoo::zoo_network(facts.name)), *facts.top1, 0});
  }
  return samples;
}

AccuracyCoefficients fit_accuracy(std::vector<AccuracySample>& samples) {
  std::set<std::string> families;
  for (const AccuracySample& s : samples) families.insert(s.family);
  if (families.size() < 3) throw Error("accuracy model: fewer than three families of networks to fit to");
  double best_ridge = 0;
  double best_error = std::numeric_limits<double>::infinity();
  for (const double ridge : {0.03, 0.1, 0.3, 1.0, 3.0, 10.0}) {
    leave_families_out(samples, ridge);
    const double error = squared_error(samples);
    if (error < best_error) {
      best_error = error;
      best_ridge = ridge;
    }
  }
  const std::vector<HeldOut> held = leave_families_out(samples, best_ridge);
  AccuracyCoefficients c = fit_once(samples, best_ridge);
  std::vector<double> scores, distances;
  for (const HeldOut& h : held) {
    scores.push_back(std::abs(h.residual) / h.growth);
    distances.push_back(h.distance);
  }
  const double n = static_cast<double>(samples.size());
  c.interval = order_statistic(scores, kConfidence * (n + 1));
  c.distance_limit = order_statistic(distances, 0.95 * n);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    c.cv_mae += std::abs(samples[i].held_out - samples[i].top1) / n;
    c.cv_coverage += (scores[i] <= c.interval) / n;
  }
  c.cv_kendall = kendall_of(samples);
  c.name = "imagenet-top1 1";
  c.source = "published top-1 of " + std::to_string(samples.size()) + " reference networks in " +
             std::to_string(families.size()) + " families";
  return c;
}

}  // namespace gensynth::accuracy
