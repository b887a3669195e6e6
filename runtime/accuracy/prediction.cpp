#include "runtime/accuracy/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gensynth::accuracy {
namespace {

constexpr double kSlack = 1;           ///< deviations outside the range fitted at which the distance is 1
constexpr double kSimilarSize = 1.15;  ///< of published networks: at most so many times the parameters and MACs
constexpr double kAbove = 1.5;         ///< points above the best of them at which the distance is 1
constexpr double kChance = 0.1;        ///< % of 1000 classes
constexpr double kConstantDistance = 1e6;
/// Logits that every halving of the depth costs below half that of the shallowest network fitted. Set by hand, since
/// nothing was measured there, so that a network of one layer is predicted to be hopeless.
constexpr double kShallow = 1.5;

struct Distances {
  double all = 0;
  double but_for_size = 0;  ///< without being larger than those fitted
};

void note(std::vector<std::string>* notes, const std::string& text) {
  if (notes != nullptr) notes->push_back(text);
}

double squared_form(const AccuracyFeatures& z, const AccuracyCoefficients& c) {
  double sum = 0;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    for (std::size_t j = 0; j < kAccuracyFeatures; ++j) sum += z[i] * c.precision[i][j] * z[j];
  }
  return std::sqrt(std::max(0.0, sum));
}

AccuracyFeatures standardised(const AccuracyFeatures& features, const AccuracyCoefficients& c) {
  AccuracyFeatures z;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) z[i] = (features[i] - c.mean[i]) / c.deviation[i];
  return z;
}

bool grows(std::size_t i) { return accuracy_feature_infos()[i].role == FeatureRole::grows; }

/// Logits by which feature i differs from a network that has the mean of it.
double linear_term(std::size_t i, const AccuracyFeatures& features, const AccuracyCoefficients& c) {
  const double slack = kSlack * c.deviation[i];
  // Less than was fitted lowers the prediction further; more raises it no further.
  const double least = grows(i) ? std::numeric_limits<double>::lowest() : c.low[i] - slack;
  return c.coefficient[i] * (std::clamp(features[i], least, c.high[i] + slack) - c.mean[i]) / c.deviation[i];
}

double linear_model(const AccuracyFeatures& features, const AccuracyCoefficients& c) {
  double sum = c.intercept;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) sum += linear_term(i, features, c);
  const double missing = (c.low[kDepthFeature] - features[kDepthFeature]) / std::log(2.0) - 1;  // halvings
  return sum - kShallow * std::max(0.0, missing);
}

/// The best published network of nearly the same size or a smaller one; 100 where there is none.
double best_of_size(const AccuracyFigures& figures, const AccuracyCoefficients& c) {
  for (const PublishedNetwork& network : c.frontier) {
    if (network.params <= kSimilarSize * figures.params && network.macs <= kSimilarSize * figures.macs) {
      return network.top1;
    }
  }
  return 100;
}

/// 1 where the network is as small as the smallest ones published, more below.
double smallness(const AccuracyFigures& figures, const AccuracyCoefficients& c) {
  double least = std::numeric_limits<double>::infinity();
  for (const PublishedNetwork& network : c.frontier) {
    const double params = network.params / std::max(1.0, figures.params);
    const double macs = network.macs / std::max(1.0, figures.macs);
    least = std::min(least, std::max(params, macs));
  }
  if (c.frontier.empty() || least <= kSimilarSize) return 0;
  return 1 + std::log(least / kSimilarSize);
}

Distances distances(const AccuracyFigures& figures, const AccuracyCoefficients& c, std::vector<std::string>* notes) {
  const AccuracyFeatures z = standardised(figures.features, c);
  AccuracyFeatures smaller = z;
  Distances result;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    const double above = (figures.features[i] - c.high[i]) / c.deviation[i];
    const double below = (c.low[i] - figures.features[i]) / c.deviation[i];
    const double outside = std::max(above, below) / kSlack;
    result.all = std::max(result.all, outside);
    if (grows(i) && above > 0) {
      smaller[i] -= above;
    } else {
      result.but_for_size = std::max(result.but_for_size, outside);
    }
    if (outside > 1) {
      note(notes, accuracy_feature_infos()[i].name + (above > 0 ? " lies above" : " lies below") +
                      " that of all networks fitted");
    }
  }
  const double all = squared_form(z, c) / c.distance_limit;
  if (all > 1 && result.all <= 1) note(notes, "no network fitted has these features together");
  result.all = std::max(result.all, all);
  result.but_for_size = std::max(result.but_for_size, squared_form(smaller, c) / c.distance_limit);
  return result;
}

}  // namespace

double logit(double percent) { return std::log(percent / (100 - percent)); }
double percent(double logit) { return 100 / (1 + std::exp(-logit)); }

double mahalanobis(const AccuracyFeatures& features, const AccuracyCoefficients& c) {
  return squared_form(standardised(features, c), c);
}

std::vector<Contribution> contributions(const AccuracyFigures& figures, const AccuracyCoefficients& c) {
  std::vector<Contribution> result;
  if (figures.constant) return result;
  const double value = linear_model(figures.features, c);
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    const AccuracyFeatureInfo& info = accuracy_feature_infos()[i];
    if (info.role == FeatureRole::structure) continue;
    result.push_back({info.name, info.meaning, figures.features[i], c.mean[i],
                      percent(value) - percent(value - linear_term(i, figures.features, c))});
  }
  std::stable_sort(result.begin(), result.end(), [](const Contribution& a, const Contribution& b) {
    return std::abs(a.points) > std::abs(b.points);
  });
  return result;
}

double interval_growth(double distance) { return std::sqrt(1 + distance * distance); }

Prediction predict(const AccuracyFigures& figures, const AccuracyCoefficients& c, std::vector<std::string>* notes) {
  if (figures.constant) {
    note(notes, "the output does not depend on the input");
    return {kChance, kChance, kChance, kConstantDistance};
  }
  Distances distance = distances(figures, c, notes);
  double value = linear_model(figures.features, c);
  const double best = best_of_size(figures, c);
  const double excess = (percent(value) - best) / kAbove;
  if (excess > 1) note(notes, "it would be better than any published network of its size");
  distance.all = std::max(distance.all, excess);
  if (const double small = smallness(figures, c); small > 0) {
    note(notes, "smaller than any published network");
    distance.all = std::max(distance.all, small);
  }
  if (distance.but_for_size > 1 && value > c.prior) value = c.prior + (value - c.prior) / distance.but_for_size;
  const double width = c.interval * interval_growth(distance.all);
  return {percent(value), percent(value - width), percent(value + width), distance.all};
}

}  // namespace gensynth::accuracy
