#include "generator/distribution/contexts.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "architecture/base/error.hpp"

namespace gensynth::distribution {
namespace {

using Named = std::vector<std::pair<std::string, double>>;

Named named(const ContextTable& table, const std::vector<Context>& contexts) {
  const std::vector<std::string> names = table.names();
  Named result;
  for (const Context& context : contexts) result.emplace_back(names[context.number], context.weight);
  return result;
}

/// The contexts of each decision of a walk with these answers.
std::vector<std::vector<Context>> walk(ContextTable& table, const std::vector<space::Decision>& asked,
                                       const std::vector<int>& answers, std::optional<double> latency_ms = {}) {
  Contexts contexts(table, latency_ms);
  std::vector<std::vector<Context>> result;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::span<const Context> found = contexts.of(asked[i]);
    result.emplace_back(found.begin(), found.end());
    contexts.answered(answers[i]);
  }
  return result;
}

TEST(Contexts, AreTheGenericNameTheNameAndTheLastAnswerToItsLike) {
  ContextTable table;
  const auto found = walk(table, {{"px", 3}, {"stage1.width", 4}, {"kernel", 2}, {"stage2.width", 4}}, {2, 3, 0, 1});
  EXPECT_EQ(named(table, found[0]), (Named{{"px:3", 1}}));
  EXPECT_EQ(named(table, found[1]), (Named{{"stage#.width:4", 1}, {"stage1.width:4", 1}}));
  EXPECT_EQ(named(table, found[3]), (Named{{"stage#.width:4", 1}, {"stage2.width:4", 1}, {"stage2.width|3:4", 1}}));
}

TEST(Contexts, DifferByTheNumberOfChoices) {
  ContextTable table;
  const auto found = walk(table, {{"a1", 2}, {"a1", 3}, {"a1", 2}}, {1, 2, 0});
  EXPECT_EQ(named(table, found[0]), (Named{{"a#:2", 1}, {"a1:2", 1}}));
  EXPECT_EQ(named(table, found[1]), (Named{{"a#:3", 1}, {"a1:3", 1}, {"a1|1:3", 1}}));
  EXPECT_EQ(named(table, found[2]), (Named{{"a#:2", 1}, {"a1:2", 1}, {"a1|2:2", 1}}));
}

TEST(Contexts, InterpolateBetweenHalfOctavesOfLatency) {
  ContextTable table;
  EXPECT_EQ(named(table, walk(table, {{"a", 2}}, {0}, 8.0)[0]), (Named{{"a:2", 1}, {"a@6:2", 1}}));
  const Named between = named(table, walk(table, {{"a", 2}}, {0}, 9.0)[0]);
  ASSERT_EQ(between.size(), 3U);
  EXPECT_EQ(between[1].first, "a@6:2");
  EXPECT_EQ(between[2].first, "a@7:2");
  EXPECT_NEAR(between[1].second + between[2].second, 1, 1e-15);
  EXPECT_NEAR(between[2].second, 2 * std::log2(9.0 / 8), 1e-12);
  EXPECT_THROW(Contexts(table, 0.0), Error);
}

TEST(Contexts, AreTheSameTheSecondTimeAndForAnotherWalk) {
  ContextTable table;
  const std::vector<space::Decision> asked{{"stage1.width", 4}, {"stage2.width", 4}};
  const auto first = walk(table, asked, {3, 1});
  const std::size_t known = table.names().size();
  const auto second = walk(table, asked, {3, 1});
  EXPECT_EQ(table.names().size(), known);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(named(table, first[i]), named(table, second[i]));
  walk(table, asked, {2, 1});
  EXPECT_EQ(table.names().size(), known + 1) << "another last answer";
}

TEST(Contexts, CanBeMetByManyThreadsAtOnce) {
  ContextTable table;
  std::vector<space::Decision> asked;
  for (int i = 0; i < 40; ++i) asked.push_back({"stage" + std::to_string(i) + ".width", 4});
  std::vector<std::thread> threads;
  std::vector<std::vector<std::vector<Context>>> found(4);
  for (std::size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back(
        [&, t] { found[t] = walk(table, asked, std::vector<int>(asked.size(), static_cast<int>(t))); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < found.size(); ++t) {
    const Named last = named(table, found[t].back());
    EXPECT_EQ(last[0].first, "stage#.width:4");
    EXPECT_EQ(last[2].first, "stage39.width|" + std::to_string(t) + ":4");
  }
}

}  // namespace
}  // namespace gensynth::distribution
