#include "constraints/plugin/failing_rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "tests/constraints/networks.hpp"

namespace gensynth::plugin {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Scripted final : public constraints::Constraint {
 public:
  explicit Scripted(const bool& fails) : fails_(fails) {}
  const std::string& name() const override { return name_; }
  constraints::CostClass cost_class() const override { return constraints::CostClass::graph; }
  bool hard() const override { return false; }
  double weight() const override { return 2; }
  constraints::Verdict check(const constraints::Subject&) const override {
    if (fails_) throw Error("it crashed");
    constraints::Verdict verdict;
    verdict.constraint = name_;
    verdict.hard = false;
    return verdict;
  }

 private:
  const bool& fails_;
  std::string name_ = "soft one";
};

TEST(FailingRule, AFailureIsNeverFeasibleAndManyInARowEndTheSearch) {
  bool fails = false;
  const std::unique_ptr<constraints::Constraint> rule = failure_is_violation(std::make_unique<Scripted>(fails));
  testing::Sketch sketch(16);
  const Architecture network = sketch.finish(sketch.conv(0, 4, 3));
  const auto check = [&] { return rule->check(network, {}); };
  EXPECT_EQ(rule->name(), "soft one");
  EXPECT_FALSE(rule->hard());
  fails = true;
  for (int i = 0; i + 1 < kFailuresAtFirst; ++i) {
    const constraints::Verdict verdict = check();
    EXPECT_FALSE(constraints::feasible({verdict}));
    EXPECT_EQ(verdict.message, "it crashed");
    EXPECT_EQ(verdict.constraint, "soft one");
    EXPECT_GT(verdict.relative_violation(), 0);
  }
  EXPECT_THAT(check, ThrowsMessage<Error>(AllOf(HasSubstr("32 networks in a row"), HasSubstr("it crashed"))));
  for (int round = 0; round < 2; ++round) {
    fails = false;
    EXPECT_TRUE(constraints::feasible({check()}));
    fails = true;
    for (int i = 0; i + 1 < kFailuresInARow; ++i) EXPECT_FALSE(constraints::feasible({check()}));
  }
  EXPECT_THAT(check, ThrowsMessage<Error>(HasSubstr("64 networks in a row")));
}

}  // namespace
}  // namespace gensynth::plugin
