#include "search/loop/proposer.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <set>

#include "architecture/hash.hpp"
#include "generator/make_space.hpp"
#include "search/store/memory/memory_store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::loop {
namespace {

using nlohmann::json;

/// A proposer of a job in a store of its own.
struct Desk {
  explicit Desk(const json& text) : job(job::job_from_json(text, "job")) {}
  Proposer proposer() { return Proposer(job, parts, *store); }

  testing::Scratch scratch;
  job::Job job;
  run::SearchContext parts{job};
  std::unique_ptr<store::Store> store = std::make_unique<store::memory::MemoryStore>();
};

std::optional<trial::Trial> next(Proposer& proposer) {
  return proposer.next([] { return false; });
}

/// Two genotypes of the space that build different networks, without constraints.
json two_networks() {
  json text = testing::untrained_job();
  text["constraints"] = json::array();
  Rng rng(1);
  const auto space = generator::make_space(text["space"], "job", "/space");
  text["start_from"] = {space->sample(rng), space->sample(rng)};
  return text;
}

TEST(Proposer, FlagsDuplicatesAndContinues) {
  json text = two_networks();
  text["start_from"][2] = text["start_from"][1];
  text["start_from"][1] = text["start_from"][0];
  Desk desk(text);
  Proposer proposer = desk.proposer();
  EXPECT_EQ(next(proposer)->id, 1);
  const trial::Trial second = *next(proposer);
  EXPECT_EQ(second.id, 3);
  EXPECT_EQ(second.ordinal, 2);
  const trial::Trial twin = *desk.store->get(2);
  EXPECT_EQ(twin.state, trial::TrialState::duplicate);
  EXPECT_EQ(twin.duplicate_of, 1);
  EXPECT_EQ(twin.ordinal, 0);
}

TEST(Proposer, AnEqualHashAloneMakesNoDuplicate) {
  const json text = two_networks();
  Desk desk(text);
  const auto genotype = text["start_from"][0].get<space::Genotype>();
  trial::Trial other;
  other.id = 1000;
  other.state = trial::TrialState::scored;
  other.genotype = text["start_from"][1].get<space::Genotype>();
  other.hash = to_string(canonical_hash(desk.parts.space->build(genotype)));
  desk.store->add({other}, {});
  Proposer proposer = desk.proposer();
  const trial::Trial first = *next(proposer);
  EXPECT_EQ(first.hash, other.hash);
  EXPECT_EQ(first.genotype, genotype);
  EXPECT_EQ(first.state, trial::TrialState::queued);
  EXPECT_EQ(desk.store->get(1)->duplicate_of, 0);
}

TEST(Proposer, ContinuesFromTheStoreUnchanged) {
  for (const char* strategy : {"random", "regularized_evolution", "local_search", "bayesian", "generative_synthesis"}) {
    json text = testing::untrained_job(strategy);
    if (text["strategy"]["kind"] == "regularized_evolution") text["strategy"]["population"] = 3;
    if (text["strategy"]["kind"] == "bayesian") text["strategy"].update({{"explore", 2}, {"candidates", 8}});
    if (text["strategy"]["kind"] == "generative_synthesis") {
      text["strategy"].update({{"explore", 2}, {"candidates", 6}, {"teaching", {{"rounds", 1}, {"samples", 4}}}});
    }
    Desk whole(text);
    Desk cut(text);
    Proposer a = whole.proposer();
    std::deque<trial::Trial> out[2];
    const auto score = [](Desk& desk, const trial::Trial& trial) {
      trial::Trial running = *desk.store->claim("w", 60);
      running.state = trial::TrialState::scored;
      running.u = desk.parts.performance.score(trial.metrics, trial.verdicts);
      running.feasible = true;
      EXPECT_TRUE(desk.store->finish(running));
      return *desk.store->get(running.id);
    };
    for (int i = 0; i < 12; ++i) {
      Proposer b = cut.proposer();  // a new one each time
      // Two trials at a time, observed latest first: not in order of ordinal.
      if (i % 2 == 0) {
        for (; !out[0].empty(); out[0].pop_back()) a.observe(out[0].back());
        for (; !out[1].empty(); out[1].pop_back()) b.observe(out[1].back());
      }
      const trial::Trial expected = *next(a);
      const trial::Trial found = *next(b);
      ASSERT_EQ(found.genotype, expected.genotype) << strategy << ' ' << i;
      EXPECT_EQ(found.id, expected.id);
      EXPECT_EQ(found.ordinal, expected.ordinal);
      EXPECT_EQ(cut.store->value("proposer"), whole.store->value("proposer"));
      out[0].push_back(score(whole, expected));
      out[1].push_back(score(cut, found));
    }
  }
}

/// A space of four networks.
json four_networks(const testing::Scratch& scratch, const std::string& strategy) {
  const json vertices = {{{"id", "stem"},
                          {"op", "convolution"},
                          {"inputs", {"input"}},
                          {"out", {{"choose", {8, 16}}}},
                          {"kernel", 3},
                          {"stride", 1},
                          {"padding", 1}},
                         {{"id", "act"}, {"op", "activation"}, {"inputs", {"stem"}}, {"kind", "relu"}},
                         {{"id", "blur"}, {"op", "blur_pool"}, {"inputs", {"act"}}, {"taps", {{"choose", {2, 3}}}}},
                         {{"id", "pool"}, {"op", "global_pool"}, {"inputs", {"blur"}}},
                         {{"id", "classes"}, {"op", "linear"}, {"inputs", {"pool"}}, {"out", 10}}};
  const json space = {{"format", "gensynth.space"}, {"version", 1},         {"name", "four"},
                      {"input", {1, 3, 32, 32}},    {"vertices", vertices}, {"output", "classes"}};
  std::ofstream(scratch / "space.json") << space.dump();
  json text = testing::untrained_job(strategy);
  text["space"] = {{"kind", "file"}, {"path", scratch / "space.json"}};
  text["constraints"] = json::array();
  return text;
}

TEST(Proposer, EndsWhenTheSpaceIsExhausted) {
  for (const char* strategy : {"random", "regularized_evolution", "local_search", "bayesian", "generative_synthesis"}) {
    const testing::Scratch scratch;
    Desk desk(four_networks(scratch, strategy));
    std::set<std::string> hashes;
    for (int i = 0; i < 4; ++i) {
      Proposer proposer = desk.proposer();  // a new one each time: what it knows is in the store
      EXPECT_FALSE(proposer.exhausted());
      const std::optional<trial::Trial> trial = next(proposer);
      ASSERT_TRUE(trial) << strategy << ' ' << i;
      hashes.insert(trial->hash);
      trial::Trial scored = *desk.store->claim("w", 60);
      scored.state = trial::TrialState::scored;
      scored.u = i;
      scored.feasible = true;
      EXPECT_TRUE(desk.store->finish(scored));
      proposer.observe(scored);
    }
    EXPECT_EQ(hashes.size(), 4u);
    Proposer proposer = desk.proposer();
    EXPECT_FALSE(next(proposer)) << strategy;
    EXPECT_TRUE(proposer.exhausted());
    EXPECT_LT(proposer.proposed(), 100);
    EXPECT_TRUE(desk.proposer().exhausted()) << "known to the next one";
  }
}

TEST(Proposer, ASpaceOfRejectedNetworksIsExhaustedToo) {
  const testing::Scratch scratch;
  json text = four_networks(scratch, "random");
  text["constraints"] = {{{"constraint", "expression"}, {"expression", "params < 1"}}};
  Desk desk(text);
  Proposer proposer = desk.proposer();
  EXPECT_FALSE(next(proposer));
  EXPECT_TRUE(proposer.exhausted());
  EXPECT_EQ(desk.store->counts().at(trial::TrialState::rejected), 4);
}

TEST(Proposer, PrunesBelowAQuantileOfWhatEnoughTrialsReached) {
  json text = testing::untrained_job();
  text["data"] = {{"kind", "drawn"}, {"px", 32}, {"classes", 3}};
  text["proxy"] = {{"images", 640}, {"rungs", {320, 640}}, {"prune_quantile", 0.25}, {"prune_after", 4}};
  Desk desk(text);
  Proposer proposer = desk.proposer();
  const auto observe = [&](double top1) {
    trial::Trial trial = *next(proposer);
    trial.state = trial::TrialState::scored;
    trial.rungs = {trial::Rung{320, 1, 1, top1, 100}, trial::Rung{640, 1, 1, top1 + 20, 100}};
    proposer.observe(trial);
    proposer.observe(trial);  // counts once
  };
  for (const double top1 : {40, 10, 30}) observe(top1);
  const trial::Trial early = *next(proposer);
  EXPECT_EQ(early.prune_below, (std::vector<double>{0, 0}));
  observe(20);
  // A quarter of 10, 20, 30, 40 is below 20; the last rung ends the training anyhow.
  EXPECT_EQ(next(proposer)->prune_below, (std::vector<double>{20, 0}));
}

TEST(Proposer, PrunesByTheAccuracyOfTheObjective) {
  json text = testing::untrained_job();
  text["data"] = {{"kind", "drawn"}, {"px", 32}, {"classes", 3}};
  text["proxy"] = {{"images", 640}, {"rungs", {320, 640}}, {"prune_quantile", 0.25}, {"prune_after", 4}};
  text["objective"]["accuracy"] = "proxy_balanced_accuracy";
  Desk desk(text);
  Proposer proposer = desk.proposer();
  for (const double balanced : {40, 10, 30, 20}) {
    trial::Trial trial = *next(proposer);
    trial.state = trial::TrialState::scored;
    trial.rungs = {trial::Rung{320, 1, 1, 90, 100, balanced}, trial::Rung{640, 1, 1, 95, 100, balanced + 20}};
    proposer.observe(trial);
  }
  EXPECT_EQ(next(proposer)->prune_below, (std::vector<double>{20, 0}));
}

}  // namespace
}  // namespace gensynth::loop
