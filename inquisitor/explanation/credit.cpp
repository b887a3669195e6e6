#include "inquisitor/explanation/credit.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "architecture/hash.hpp"

namespace gensynth::explanation {
namespace {

constexpr double kLeastAccuracy = 0.1;  // %, as U counts it
constexpr double kLeastLogAccuracy = -1;
constexpr double kMostLogAccuracy = 2;

/// A network that is compared: the candidate, or the candidate with one answer changed.
struct Variant {
  space::Genotype genotype;
  bool same_network = false;
  assessment::Assessment assessment;  ///< exhaustive
  features::Description description;
  double u = 0;
  double accuracy = 0;  ///< contribution of accuracy to u, up to a constant
};

void assess_variants(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                     std::vector<Variant>& variants) {
  const Architecture candidate = space.build(variants.front().genotype);
  const Hash128 hash = canonical_hash(candidate);
  oneapi::tbb::parallel_for(std::size_t{0}, variants.size(), [&](std::size_t i) {
    Variant& variant = variants[i];
    const Architecture network = space.build(variant.genotype);
    variant.same_network = i > 0 && canonical_hash(network) == hash && isomorphic(network, candidate);
    if (variant.same_network) return;
    variant.assessment = assessor.assess(network, true);
    variant.description = features::describe(space, variant.genotype, network);
  });
  for (Variant& variant : variants) {
    if (variant.same_network) variant.assessment = variants.front().assessment;
  }
}

/// U of every variant, and the advantage of the first one over a mean of others.
class VariantUtilities {
 public:
  VariantUtilities(const assessment::UniversalPerformance& performance, const surrogate::AccuracySurrogate& surrogate,
                   std::vector<Variant>& variants)
      : variants_(variants) {
    const double decibels = 20 * performance.alpha;  // of U for each power of ten of accuracy
    if (variants.front().assessment.metrics.value(performance.accuracy)) {
      basis_ = CreditBasis::computed;
      for (Variant& v : variants) {
        v.u = performance.score(v.assessment.metrics, v.assessment.verdicts);
        const double accuracy = v.assessment.metrics.at(performance.accuracy).taken();
        v.accuracy = decibels * std::log10(std::max(kLeastAccuracy, accuracy));
      }
    } else if (surrogate.fitted()) {
      basis_ = CreditBasis::believed;
      std::vector<const features::Description*> descriptions;
      for (const Variant& v : variants) {
        if (v.same_network) continue;
        rows_.push_back(static_cast<std::size_t>(&v - variants.data()));
        descriptions.push_back(&v.description);
      }
      joint_ = surrogate.predict_jointly(descriptions);
      const surrogate::TargetTransform& transform = surrogate.transform();
      for (std::size_t row = 0; row < rows_.size(); ++row) {
        Variant& v = variants[rows_[row]];
        const double log_accuracy =
            std::clamp(transform.inverse(joint_.mean[row]), kLeastLogAccuracy, kMostLogAccuracy);
        v.u = performance.score(v.assessment.metrics, v.assessment.verdicts, std::pow(10, log_accuracy));
        v.accuracy = decibels * log_accuracy;
        slopes_.push_back(decibels * transform.slope(joint_.mean[row]));
      }
      for (Variant& v : variants) {
        if (!v.same_network) continue;
        v.u = variants.front().u;
        v.accuracy = variants.front().accuracy;
      }
    }
  }

  CreditBasis basis() const { return basis_; }
  double deviation() const { return std::sqrt(variance({{0, 1.0}})); }

  /// `others`: indices of variants, at least one.
  Advantage over_mean_of(const std::vector<std::size_t>& others) const {
    const double share = 1 / static_cast<double>(others.size());
    Advantage advantage;
    std::vector<std::pair<std::size_t, double>> weights{{0, 0.0}};
    for (const std::size_t other : others) {
      if (variants_[other].same_network) continue;  // no difference in U
      advantage.u += share * (variants_.front().u - variants_[other].u);
      advantage.accuracy += share * (variants_.front().accuracy - variants_[other].accuracy);
      weights.front().second += share;
      weights.emplace_back(other, -share);
    }
    advantage.deviation = std::sqrt(variance(weights));
    return advantage;
  }

 private:
  /// Standard deviation of a weighted sum of U, to first order.
  double variance(const std::vector<std::pair<std::size_t, double>>& weights) const {
    if (basis_ != CreditBasis::believed) return 0;
    double sum = 0;
    for (const auto& [a, of_a] : weights) {
      const std::size_t i = row_of(a);
      for (const auto& [b, of_b] : weights) {
        const std::size_t j = row_of(b);
        sum += of_a * slopes_[i] * of_b * slopes_[j] * joint_.covariance[i * rows_.size() + j];
      }
    }
    return std::max(0.0, sum);
  }
  std::size_t row_of(std::size_t variant) const {
    return static_cast<std::size_t>(std::lower_bound(rows_.begin(), rows_.end(), variant) - rows_.begin());
  }

  const std::vector<Variant>& variants_;
  CreditBasis basis_ = CreditBasis::unknown;
  std::vector<std::size_t> rows_;  // of the joint posterior: variants, ascending
  surrogate::JointPrediction joint_;
  std::vector<double> slopes_;  // by row: dB of U per transformed unit
};

Alternative alternative_of(const Variant& variant, int answer) {
  Alternative result;
  result.answer = answer;
  result.same_network = variant.same_network;
  result.feasible = !variant.assessment.rejected();
  result.violation = variant.assessment.hard_violation();
  if (!result.feasible) {
    result.rule = variant.assessment.verdicts[static_cast<std::size_t>(variant.assessment.rejected_by)].constraint;
  }
  return result;
}

/// Probability by variant that the measured hard constraints are met.
std::vector<double> probabilities(const surrogate::MeasuredConstraints& measured,
                                  const std::vector<Variant>& variants) {
  std::vector<double> result(variants.size(), 1.0);
  if (!measured.fitted()) return result;
  std::vector<const features::Description*> descriptions;
  for (const Variant& v : variants) {
    descriptions.push_back(&(v.same_network ? variants.front() : v).description);
  }
  const std::vector<surrogate::FeasibilityPrediction> outlooks = measured.predict(descriptions);
  for (std::size_t i = 0; i < variants.size(); ++i) result[i] = outlooks[i].probability;
  return result;
}

}  // namespace

const char* to_string(CreditBasis basis) {
  switch (basis) {
    case CreditBasis::unknown:
      return "unknown";
    case CreditBasis::believed:
      return "believed";
    case CreditBasis::computed:
      break;
  }
  return "computed";
}

CandidateCredit credit_decisions(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                                 const assessment::UniversalPerformance& performance,
                                 const surrogate::AccuracySurrogate& surrogate,
                                 const surrogate::MeasuredConstraints& measured, const space::Genotype& genotype) {
  const std::vector<space::Decision> asked = space.decisions(genotype);
  std::vector<Variant> variants(1);
  variants.front().genotype = genotype;
  for (space::Genotype& neighbour : space.neighbours(genotype)) variants.emplace_back().genotype = std::move(neighbour);
  assess_variants(space, assessor, variants);
  const VariantUtilities utilities(performance, surrogate, variants);

  CandidateCredit result;
  result.basis = utilities.basis();
  result.feasible = !variants.front().assessment.rejected();
  result.violation = variants.front().assessment.hard_violation();
  const bool known = result.basis != CreditBasis::unknown;
  if (known) {
    result.u = variants.front().u;
    result.deviation = utilities.deviation();
  }
  result.measured = measured.by_constraint({&variants.front().description}).front();
  const std::vector<double> chances = probabilities(measured, variants);
  std::size_t variant = 1;  // neighbours come in order of decision, then of answer
  for (std::size_t position = 0; position < asked.size(); ++position) {
    DecisionCredit credit{asked[position], genotype[position], {}, {}, 0, {}};
    std::vector<std::size_t> compared;
    for (int answer = 0; answer < asked[position].choices; ++answer) {
      if (answer == genotype[position]) continue;
      Alternative alternative = alternative_of(variants[variant], answer);
      if (known) alternative.advantage = utilities.over_mean_of({variant});
      if (alternative.feasible || !result.feasible) compared.push_back(variant);
      credit.alternatives.push_back(std::move(alternative));
      ++variant;
    }
    credit.compared = static_cast<int>(compared.size());
    if (known && !compared.empty()) credit.credit = utilities.over_mean_of(compared);
    if (measured.fitted() && !compared.empty()) {
      credit.feasibility = chances.front();
      for (const std::size_t other : compared) *credit.feasibility -= chances[other] / credit.compared;
    }
    result.decisions.push_back(std::move(credit));
  }
  return result;
}

}  // namespace gensynth::explanation
