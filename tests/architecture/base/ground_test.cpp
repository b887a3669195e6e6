// Tests of errors, strict JSON, metrics and random generators, which every module uses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/random.hpp"
#include "architecture/metrics.hpp"
#include "tests/architecture/failure.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(Nearest, FindsLikelyMisspellingsOnly) {
  const std::vector<std::string> known{"kernel", "stride", "padding"};
  EXPECT_EQ(nearest("kernle", known), "kernel");
  EXPECT_EQ(nearest("strid", known), "stride");
  EXPECT_EQ(nearest("colour", known), "");
  EXPECT_EQ(nearest("KERNEL", known), "kernel");
  EXPECT_EQ(nearest("x", known), "");
  EXPECT_EQ(suggestion("paddin", known), " (did you mean 'padding'?)");
  EXPECT_EQ(suggestion("colour", known), "");
}

TEST(ParseJson, NamesLineColumnAndDuplicates) {
  EXPECT_THAT(failure([] { parse_json("{\n  \"a\": 1,\n  \"b\": }", "f"); }), HasSubstr("f:3:8: not valid JSON"));
  EXPECT_THAT(failure([] { parse_json("{} x", "f"); }), HasSubstr("f:1:"));
  EXPECT_EQ(failure([] { parse_json(R"({"a": {"b": 1, "b": 2}})", "f"); }), "f: duplicate key 'b' in one object");
  EXPECT_EQ(parse_json("{\"a\": {\"b\": 1}, /* note */ \"b\": 2} // end", "f")["b"], 2);
  EXPECT_THROW(parse_json("", "f"), Error);
  EXPECT_THAT(failure([] { parse_json("[44e4444]", "f"); }), HasSubstr("f: not valid JSON: number overflow"));
  EXPECT_THROW(parse_json("4e400@\xff", "f"), Error);
}

/// Copying and comparing JSON values recurses, so that the depth of a file must be limited.
TEST(ParseJson, RefusesNestingThatTheStackWouldNotSurvive) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  for (const std::size_t depth : {501U, 200'000U}) {
    EXPECT_EQ(failure([&] { parse_json(nested(depth), "f"); }), "f: nested deeper than 500 levels") << depth;
  }
  const json deep = parse_json(std::string(500, '[') + "1" + std::string(500, ']'), "f");
  EXPECT_EQ(json(deep), deep);
  std::string objects;
  for (int i = 0; i < 600; ++i) objects += "{\"a\": ";
  EXPECT_THAT(failure([&] { parse_json(objects, "f"); }), HasSubstr("nested deeper"));
}

TEST(JsonReader, ItsMessagesSurviveDeepNesting) {
  const std::size_t depth = 200'000;
  json deep = json::parse(std::string(depth, '[') + std::string(depth, ']'));
  EXPECT_THAT(failure([&] { JsonReader(deep, "f"); }), HasSubstr("f: /: expected an object, found "));
  json object = json::object();
  object["n"] = std::move(deep);
  JsonReader reader(object, "f");
  EXPECT_THAT(failure([&] { reader.integer("n", 0, 9); }), HasSubstr("/n: expected a whole number from 0 to 9"));
}

TEST(JsonReader, ChecksTypesAndRanges) {
  const json object = json::parse(R"({"i": 5, "f": 0.5, "e": 4e6, "s": "x", "b": true, "a": [1], "o": {"k": 1},
                                      "big": 18446744073709551615, "huge": 1e300})");
  JsonReader reader(object, "f", "/p");
  EXPECT_EQ(reader.integer("i", 0, 9), 5);
  EXPECT_EQ(reader.integer("e", 0, 9'000'000), 4'000'000);
  EXPECT_EQ(reader.integer("none", 0, 9, 7), 7);
  EXPECT_EQ(reader.number("f", 0, 1), 0.5);
  EXPECT_EQ(reader.number("i", 0, 9), 5);
  EXPECT_TRUE(reader.boolean("b"));
  EXPECT_EQ(reader.string("s"), "x");
  EXPECT_EQ(reader.choice("s", {"x", "y"}), "x");
  EXPECT_EQ(reader.array("a").size(), 1U);
  EXPECT_EQ(reader.object("o").integer("k", 0, 1), 1);
  EXPECT_EQ(failure([&] { reader.integer("i", 0, 4); }), "f: /p/i: expected a whole number from 0 to 4, found 5");
  EXPECT_THAT(failure([&] { reader.integer("f", 0, 4); }), HasSubstr("/p/f: expected a whole number"));
  EXPECT_THAT(failure([&] { reader.integer("big", 0, 4); }), HasSubstr("found 18446744073709551615"));
  EXPECT_THAT(failure([&] { reader.integer("huge", 0, 4); }), HasSubstr("/p/huge"));
  EXPECT_THAT(failure([&] { reader.number("s", 0, 1); }), HasSubstr("/p/s: expected a number from 0 to 1"));
  EXPECT_THAT(failure([&] { reader.boolean("i"); }), HasSubstr("expected true or false, found 5"));
  EXPECT_THAT(failure([&] { reader.string("i"); }), HasSubstr("expected a string"));
  EXPECT_THAT(failure([&] { reader.choice("s", {"xx", "yy"}); }), HasSubstr("expected one of: xx, yy"));
  EXPECT_THAT(failure([&] { reader.string("t"); }), HasSubstr("f: /p: missing key 't'"));
  EXPECT_THAT(failure([&] { reader.object("a"); }), HasSubstr("/p/a: expected an object"));
}

TEST(JsonReader, RefusesUnreadKeys) {
  const json object = json::parse(R"({"kernel": 1, "strid": 2})");
  JsonReader reader(object, "f");
  reader.integer("kernel", 0, 9);
  EXPECT_FALSE(reader.has("stride"));
  EXPECT_THAT(failure([&] { reader.finish(); }), HasSubstr("f: /strid: unknown key 'strid' (did you mean 'stride'?)"));
  reader.has("strid");
  EXPECT_NO_THROW(reader.finish());
}

TEST(Metrics, KeepOrderAndProvenanceThroughJson) {
  Metrics metrics;
  metrics.set("params", Quantity::exact(3e6, ""));
  metrics.set("latency_ms", Quantity::predicted(20, "ms", "model 1", 15, 25));
  metrics.set("proxy_top1", Quantity::measured(61.5, "%", "drawn, seed 1"));
  metrics.set("params", Quantity::exact(4e6, ""));
  EXPECT_EQ(metrics.names(), (std::vector<std::string>{"params", "latency_ms", "proxy_top1"}));
  EXPECT_EQ(metrics.value("params"), 4e6);
  EXPECT_EQ(metrics.value("top1"), std::nullopt);
  EXPECT_EQ(metrics.at("params").low, 4e6);
  EXPECT_THAT(failure([&] { metrics.at("latency"); }), HasSubstr("latency_ms"));
  const json file = json::parse(to_json(metrics).dump());
  const Metrics read = metrics_from_json(file, "f");
  EXPECT_EQ(json::parse(to_json(read).dump()), file);
  EXPECT_EQ(read.at("latency_ms").provenance, Provenance::predicted);
  EXPECT_EQ(read.at("latency_ms").low, 15);
  EXPECT_EQ(read.at("latency_ms").source, "model 1");
  EXPECT_EQ(read.at("proxy_top1").unit, "%");
}

TEST(Random, DrawsAreGoldenOnEveryPlatform) {
  Rng rng(1);
  EXPECT_DOUBLE_EQ(uniform01(rng), 0.13387664401253263);
  EXPECT_EQ(below(rng, 1000), 136);
  EXPECT_NEAR(standard_normal(rng), 1.0859449105047105, 1e-12);
  EXPECT_EQ(derive_seed(1, 2, "train"), 12540902852121335685ULL);
}

TEST(Random, SeedsDifferByRunIndexAndPurpose) {
  const std::uint64_t seed = derive_seed(1, 2, "train");
  EXPECT_NE(seed, derive_seed(2, 2, "train"));
  EXPECT_NE(seed, derive_seed(1, 3, "train"));
  EXPECT_NE(seed, derive_seed(1, 2, "probe"));
  EXPECT_NE(derive_seed(1, 0, ""), derive_seed(0, 1, ""));
}

TEST(Random, DrawsHaveTheirDistribution) {
  Rng rng(3);
  double sum = 0;
  double squares = 0;
  std::vector<int> counts(7, 0);
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const double z = standard_normal(rng);
    sum += z;
    squares += z * z;
    ++counts[static_cast<std::size_t>(below(rng, 7))];
    const double u = uniform01(rng);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.03);
  EXPECT_NEAR(squares / kDraws, 1, 0.05);
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 7, 300);
}

TEST(Random, StateRestoresBitForBit) {
  Rng rng(9);
  rng.discard(1000);
  Rng copy = rng_from_state(rng_state(rng));
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(rng(), copy());
  EXPECT_THROW(rng_from_state("12 x"), Error);
}

}  // namespace
}  // namespace gensynth
