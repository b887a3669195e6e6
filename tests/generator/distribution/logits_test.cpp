#include "generator/distribution/logits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "architecture/base/error.hpp"

namespace gensynth::distribution {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Logits logits(const Logits::ByName& values, std::shared_ptr<ContextTable> table = std::make_shared<ContextTable>()) {
  return {values, "test", std::move(table)};
}

TEST(Logits, AddUpByNameWhateverTheOrderTheyWereMetIn) {
  const auto table = std::make_shared<ContextTable>();
  Logits a = logits({{"a:2", {1, 2}}, {"b:1", {5}}}, table);
  a += logits({{"b:1", {0.5}}, {"c:3", {1, 0, -1}}}, table);
  a += logits({{"c:3", {1, 1, 1}}, {"d:1", {7}}});  // of another table
  const Logits::ByName sum{{"a:2", {1, 2}}, {"b:1", {5.5}}, {"c:3", {2, 1, 0}}, {"d:1", {7}}};
  EXPECT_EQ(a.by_name(), sum);
  Logits none;
  none += a;
  EXPECT_EQ(none.by_name(), sum);
  none += Logits();
  EXPECT_EQ(none.by_name(), sum);
  EXPECT_EQ(a.scaled(-2).by_name().at("c:3"), std::vector<double>({-4, -2, 0}));
}

TEST(Logits, AreFoundByNumber) {
  const auto table = std::make_shared<ContextTable>();
  const std::uint32_t far = table->number("far:2");
  Logits a{table};
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(a.find(far), nullptr);
  a.at(far, 2)[1] = 4;
  ASSERT_NE(a.find(far), nullptr);
  EXPECT_EQ(a.find(far)[0], 0);
  EXPECT_EQ(a.find(far)[1], 4);
  EXPECT_EQ(a.find(table->number("other:2")), nullptr);
  EXPECT_FALSE(a.empty());
}

TEST(Logits, RefuseWhatDoesNotFit) {
  EXPECT_THAT([] { logits({{"a:2", {1}}}); }, ThrowsMessage<Error>(HasSubstr("test: context 'a:2' has 1 values")));
  EXPECT_THAT([] { logits({{"a", {1}}}); }, ThrowsMessage<Error>(HasSubstr("context 'a'")));
  EXPECT_THAT([] { logits({{"a:1", {NAN}}}); }, ThrowsMessage<Error>(HasSubstr("not finite")));
  const Logits large = logits({{"a:2", {0, std::numeric_limits<double>::max()}}});
  large.check_sum(logits({{"a:2", {1, 1}}, {"b:1", {1}}}));
  EXPECT_THAT([&] { large.check_sum(large); }, ThrowsMessage<Error>(HasSubstr("'a:2' would no longer be finite")));
}

}  // namespace
}  // namespace gensynth::distribution
