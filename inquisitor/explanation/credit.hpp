#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inquisitor/assessment/structural_assessment.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "inquisitor/surrogate/accuracy_surrogate.hpp"
#include "inquisitor/surrogate/measured_constraints.hpp"

namespace gensynth::explanation {

/// U of one network less that of another.
struct Advantage {
  double u = 0;          ///< dB, expected
  double deviation = 0;  ///< of u: 0 where nothing had to be believed
  double accuracy = 0;   ///< dB: the part of u that comes from accuracy; the rest is computed
};

/// The candidate with another answer to one decision; where that changes which later ones are asked, their answers are
/// carried over by name, and new ones resemble their like (SearchSpace::neighbours).
struct Alternative {
  int answer = 0;
  bool same_network = false;           ///< the decision is idle here: this answer builds the same network
  bool feasible = false;               ///< meets the hard constraints that need no training
  std::string rule;                    ///< the first of those that it violates, or ""
  double violation = 0;                ///< sum of relative violations of those
  std::optional<Advantage> advantage;  ///< of the candidate over this one; nothing when accuracy is not known
};

/// What one answer of a candidate is worth.
struct DecisionCredit {
  space::Decision decision;
  int answer = 0;
  std::vector<Alternative> alternatives;  ///< all others, ascending; none when the decision has one answer
  /// Over the mean of the alternatives compared: of a candidate that meets the hard constraints those that meet them
  /// too, of one that does not all. Nothing when none is left or accuracy is not known.
  std::optional<Advantage> credit;
  int compared = 0;
  /// What the answer adds to the probability that an evaluation finds the hard constraints met that only it can tell,
  /// over the mean of the same alternatives. Nothing as long as nothing is believed of such constraints.
  std::optional<double> feasibility;
};

/// How U is known.
enum class CreditBasis {
  unknown,   ///< too few candidates were trained
  believed,  ///< accuracy by the surrogate, everything else computed
  computed   ///< the objective's accuracy is itself computed from structure
};
const char* to_string(CreditBasis basis);

struct CandidateCredit {
  CreditBasis basis = CreditBasis::unknown;
  std::optional<double> u;  ///< of the candidate, expected
  double deviation = 0;
  bool feasible = false;  ///< meets the hard constraints that need no training
  double violation = 0;
  std::vector<surrogate::ConstraintPrediction>
      measured;                           ///< constraints that only an evaluation tells, as they are believed
  std::vector<DecisionCredit> decisions;  ///< in the order of the walk
};

/// Credit by decision: each answer of the genotype against the others that it could have been, all else kept. Hard
/// constraints, cost and latency are computed exactly; accuracy is believed by the surrogate, whose joint posterior
/// gives the uncertainty of each difference (first order in the warp). Constraints that only an evaluation tells are no
/// part of U here, soft ones included; they are believed apart from it. Throws Error for a genotype that is not of the
/// space. Deterministic; runs on the TBB pool.
CandidateCredit credit_decisions(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                                 const assessment::UniversalPerformance& performance,
                                 const surrogate::AccuracySurrogate& surrogate,
                                 const surrogate::MeasuredConstraints& measured, const space::Genotype& genotype);

}  // namespace gensynth::explanation
