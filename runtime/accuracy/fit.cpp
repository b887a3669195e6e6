#include "runtime/accuracy/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/statistics.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/accuracy/prediction.hpp"

namespace gensynth::accuracy {
namespace {

constexpr double kConfidence = 0.9;
constexpr double kUsual = 0.9;  ///< share of left-out networks within distance 1

double order_statistic(std::vector<double> values, double rank) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(std::max(1.0, std::ceil(rank))) - 1;
  return values[std::min(at, values.size() - 1)];
}

std::set<std::string> families_of(const std::vector<AccuracySample>& samples) {
  std::set<std::string> families;
  for (const AccuracySample& s : samples) families.insert(s.family);
  return families;
}

/// Calls visit(i, coefficients fitted without the family of sample i) for all samples.
template <class Visit>
void leave_families_out(const std::vector<AccuracySample>& samples, double ridge, const Visit& visit) {
  for (const std::string& family : families_of(samples)) {
    std::vector<AccuracySample> rest;
    for (const AccuracySample& s : samples) {
      if (s.family != family) rest.push_back(s);
    }
    AccuracyCoefficients c = fit_ridge(rest, ridge);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (samples[i].family == family) visit(i, c);
    }
  }
}

double usual_distance(const std::vector<AccuracySample>& samples) {
  std::vector<double> distances;
  leave_families_out(samples, 1, [&](std::size_t i, const AccuracyCoefficients& c) {
    distances.push_back(mahalanobis(samples[i].figures.features, c));
  });
  return order_statistic(distances, kUsual * static_cast<double>(samples.size()));
}

/// Fills in `held_out`; returns the residuals in logits, each divided by the growth of its interval.
std::vector<double> predict_held_out(std::vector<AccuracySample>& samples, double ridge, double distance_limit) {
  std::vector<double> scores(samples.size());
  leave_families_out(samples, ridge, [&](std::size_t i, AccuracyCoefficients& c) {
    c.distance_limit = distance_limit;
    const Prediction p = predict(samples[i].figures, c);
    samples[i].held_out = p.top1;
    scores[i] = std::abs(logit(p.top1) - logit(samples[i].top1)) / interval_growth(p.distance);
  });
  return scores;
}

double squared_error(const std::vector<AccuracySample>& samples) {
  double sum = 0;
  for (const AccuracySample& s : samples) sum += (s.held_out - s.top1) * (s.held_out - s.top1);
  return sum;
}

}  // namespace

double kendall(const std::vector<AccuracySample>& samples) {
  std::vector<double> top1, held_out;
  for (const AccuracySample& sample : samples) {
    top1.push_back(sample.top1);
    held_out.push_back(sample.held_out);
  }
  return kendall_tau_b(top1, held_out);
}

std::vector<AccuracySample> reference_accuracy_samples() {
  std::vector<AccuracySample> samples;
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    if (!facts.top1) continue;
    const Architecture network = zoo::zoo_network(facts.name);
    samples.push_back({facts.name, facts.family, accuracy_figures(network), *facts.top1, 0});
  }
  return samples;
}

AccuracyCoefficients fit_accuracy(std::vector<AccuracySample>& samples) {
  const std::size_t families = families_of(samples).size();
  if (families < 3) throw Error("accuracy model: fewer than three families of networks to fit to");
  const double limit = usual_distance(samples);
  double best_ridge = 0;
  double best_error = std::numeric_limits<double>::infinity();
  for (const double ridge : {0.03, 0.1, 0.3, 1.0, 3.0, 10.0}) {
    predict_held_out(samples, ridge, limit);
    const double error = squared_error(samples);
    if (error < best_error) {
      best_error = error;
      best_ridge = ridge;
    }
  }
  const std::vector<double> scores = predict_held_out(samples, best_ridge, limit);
  AccuracyCoefficients c = fit_ridge(samples, best_ridge);
  const double n = static_cast<double>(samples.size());
  c.interval = order_statistic(scores, kConfidence * (n + 1));
  c.distance_limit = limit;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    c.cv_mae += std::abs(samples[i].held_out - samples[i].top1) / n;
    c.cv_coverage += (scores[i] <= c.interval) / n;
  }
  c.cv_kendall = kendall(samples);
  c.name = "imagenet-top1 2";
  c.source = "published top-1 of " + std::to_string(samples.size()) + " reference networks in " +
             std::to_string(families) + " families";
  return c;
}

}  // namespace gensynth::accuracy
