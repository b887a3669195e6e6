#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "search/loop/enumeration.hpp"
#include "search/loop/ordinal_set.hpp"
#include "search/run/search_context.hpp"
#include "search/store/store.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::loop {

/// Turns a strategy's proposals into trials: builds, hashes, drops duplicates (confirmed by isomorphism), applies
/// the structural checks. The same for every strategy. Its state and the strategy's go into the store with the trials.
class Proposer {
 public:
  /// With the strategy of the job. Continues from the state in the store, if there is one.
  Proposer(const job::Job& job, const run::SearchContext& parts, store::Store& store);
  /// With a strategy of the caller's.
  Proposer(const job::Job& job, const run::SearchContext& parts, store::Store& store,
           std::unique_ptr<strategy::Strategy> strategy);

  /// Proposes until one candidate survives, and stores all of them in one transaction (in portions when very many
  /// are rejected). Nothing when the budget of proposals or of trials is used up, the space is exhausted, or
  /// `should_stop` says so. Where a strategy keeps proposing known networks of a small space, all of the space is
  /// searched for an unknown one.
  std::optional<trial::Trial> next(const std::function<bool()>& should_stop);
  /// In the order that the job's determinism asks for; each trial once.
  void observe(const trial::Trial& trial);

  std::int64_t queued() const { return ordinal_; }  ///< trials that passed the structural checks so far
  std::int64_t proposed() const { return last_id_; }
  bool has_observed(std::int64_t ordinal) const { return observed_.contains(ordinal); }
  bool out_of_proposals() const { return last_id_ >= job_.budget.proposals; }
  /// Every network of the space was proposed. Only known of spaces of at most 100,000 genotypes.
  bool exhausted() const { return exhausted_; }

 private:
  /// Why the network cannot be trained at the resolution of the proxy data, or "".
  std::string proxy_misfit(const Architecture& architecture) const;
  std::int64_t find_duplicate(const Architecture& architecture, const std::string& hash,
                              const std::vector<trial::Trial>& pending);
  /// Whether it is time to look for an unknown network, after so many known ones in a row.
  bool is_stuck() const;
  /// The next network of the space that is not known; sets `exhausted_` when there is none.
  std::optional<space::Genotype> find_unknown(const std::vector<trial::Trial>& pending,
                                              const std::function<bool()>& should_stop);
  std::vector<double> prune_thresholds() const;
  void save(const std::vector<trial::Trial>& trials);
  /// The observed trials are read from the store and shown once more; the state tells what they don't.
  void restore();
  bool learn_of(const trial::Trial& trial);

  const job::Job& job_;
  const run::SearchContext& parts_;
  store::Store& store_;
  std::unique_ptr<strategy::Strategy> strategy_;
  Rng rng_;
  std::int64_t last_id_ = 0;
  std::int64_t ordinal_ = 0;
  std::size_t given_ = 0;  ///< of start_from, used so far
  int repeats_ = 0;        ///< known networks in a row
  bool looked_ = false;    ///< an unknown network was looked for before: the next time comes sooner
  bool exhausted_ = false;
  Enumeration enumeration_;
  OrdinalSet observed_;
  std::vector<std::int64_t> unmarked_;          ///< ids of trials observed since the last save, in that order
  std::vector<std::vector<double>> rung_top1_;  ///< by rung: what observed trials reached
};

}  // namespace gensynth::loop
