#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inquisitor/assessment/structural_assessment.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "inquisitor/surrogate/accuracy_surrogate.hpp"
#include "inquisitor/surrogate/measured_constraints.hpp"

namespace gensynth::explanation {

/// Difference in U between two networks.
struct Advantage {
  double u = 0;          ///< dB, expected
  double deviation = 0;  ///< standard deviation of u; 0 where u is computed
  double accuracy = 0;   ///< dB: the part of u that comes from accuracy; the rest is computed
};

/// The candidate with another answer to one decision. Later decisions that depend on it keep their answers by name, and
/// new ones are answered like similar decisions (SearchSpace::neighbours).
struct Alternative {
  int answer = 0;
  bool same_network = false;           ///< the decision is idle here: this answer builds the same network
  bool feasible = false;               ///< meets the hard constraints that need no training
  std::string rule;                    ///< the first of these constraints that it violates, or ""
  double violation = 0;                ///< sum of the relative violations of these constraints
  std::optional<Advantage> advantage;  ///< of the candidate over this alternative; nothing when accuracy is not known
};

/// Credit of one answer of a candidate.
struct DecisionCredit {
  space::Decision decision;
  int answer = 0;
  std::vector<Alternative> alternatives;  ///< all others, ascending; none when the decision has one answer
  /// Advantage over the mean of the alternatives compared: for a feasible candidate the feasible ones, for an
  /// infeasible candidate all. Nothing when there is none or accuracy is not known.
  std::optional<Advantage> credit;
  int compared = 0;
  /// Probability that the measured hard constraints are met, minus its mean over the same alternatives. Nothing as long
  /// as no such constraint is modelled.
  std::optional<double> feasibility;
};

/// Source of U.
enum class CreditBasis {
  unknown,   ///< too few candidates were trained
  believed,  ///< accuracy is predicted by the surrogate, everything else is computed
  computed   ///< the objective's accuracy is itself computed from structure
};
const char* to_string(CreditBasis basis);

struct CandidateCredit {
  CreditBasis basis = CreditBasis::unknown;
  std::optional<double> u;  ///< expected U of the candidate
  double deviation = 0;
  bool feasible = false;  ///< meets the hard constraints that need no training
  double violation = 0;
  std::vector<surrogate::ConstraintPrediction> measured;  ///< predictions of the measured constraints
  std::vector<DecisionCredit> decisions;                  ///< in the order of the walk
};

/// Credit by decision: each answer of the genotype against the alternatives, with all other answers kept. Hard
/// constraints, cost and latency are computed exactly; accuracy is predicted by the surrogate, whose joint posterior
/// gives the uncertainty of each difference (to first order in the transform). Measured constraints, including soft
/// ones, are not part of U here; they are predicted separately. Throws Error for a genotype that is not of the space.
/// Deterministic; runs on the TBB pool.
CandidateCredit credit_decisions(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                                 const assessment::UniversalPerformance& performance,
                                 const surrogate::AccuracySurrogate& surrogate,
                                 const surrogate::MeasuredConstraints& measured, const space::Genotype& genotype);

}  // namespace gensynth::explanation
