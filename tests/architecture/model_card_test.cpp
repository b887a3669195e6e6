#include "architecture/model_card.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/option.hpp"
#include "architecture/serialize.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::ThrowsMessage;

ModelCard example() {
  ModelCard card;
  card.preprocessing.px = 16;
  card.preprocessing.mean = {0.5, 0.25, 0.125};
  card.preprocessing.deviation = {0.2, 0.3, 0.4};
  card.classes = {"cat", "dog"};
  card.data = "folder photos";
  card.images = 1000;
  card.trial = 12;
  card.job = "0123456789abcdef0123456789abcdef";
  card.metrics.set("latency_ms", Quantity::predicted(3.5, "ms", "cortex-a72", 3, 4));
  card.metrics.set("proxy_top1", Quantity::measured(84.5, "%", "folder photos, hold-out"));
  return card;
}

Architecture network(int classes = 2) {
  ArchitectureBuilder builder("net", {Layout::map, 3, 32, 32});
  return builder.build(builder.add(Linear{classes}, builder.add(GlobalPool{}, 0)));
}

json document(const ModelCard& card, const Architecture& net) { return json::parse(to_text(net, {}, card)); }

TEST(ModelCard, SurvivesTheArchitectureFile) {
  const ModelCard card = example();
  const json file = document(card, network());
  EXPECT_NO_THROW(architecture_from_json(file, "net.json"));
  const std::optional<ModelCard> read = card_in(file, "net.json");
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), to_json(card));
  EXPECT_EQ(read->metrics.at("latency_ms").provenance, Provenance::predicted);
  EXPECT_EQ(read->metrics.at("proxy_top1").source, "folder photos, hold-out");
  EXPECT_FALSE(card_in(json::parse(to_text(network())), "net.json"));
}

TEST(ModelCard, IsCheckedWhereAnArchitectureIsRead) {
  const auto failure = [](const json& file) {
    try {
      (void)architecture_from_json(file, "net.json");
      return std::string();
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  const json good = document(example(), network());
  json file = good;
  file["card"]["class"] = 1;
  EXPECT_THAT(failure(file), HasSubstr("net.json: /card/class: unknown key 'class'"));
  file = good;
  file["card"]["preprocessing"]["std"] = {0.1, 0, 0.1};
  EXPECT_THAT(failure(file), HasSubstr("/card/preprocessing/std: found 0"));
  file = good;
  file["card"]["preprocessing"]["mean"] = {0.1};
  EXPECT_THAT(failure(file), HasSubstr("1 means and 3 standard deviations"));
  file = good;
  file["card"]["preprocessing"]["channels"] = "BGR";
  EXPECT_THAT(failure(file), HasSubstr("/card/preprocessing/channels"));
  file = good;
  file["card"]["preprocessing"].erase("px");
  EXPECT_THAT(failure(file), HasSubstr("/card/preprocessing/px: missing"));
  file = good;
  file["card"]["classes"] = {"cat"};
  EXPECT_THAT(failure(file), HasSubstr("/card/classes: 1 names, but the network has 2 outputs"));
  file = good;
  file["card"]["metrics"]["proxy_top1"]["provenance"] = "guessed";
  EXPECT_THAT(failure(file), HasSubstr("net.json: /card/metrics/proxy_top1"));
}

TEST(ModelCard, MayHaveAnotherSizeOfImagesThanTheNetwork) {
  EXPECT_NO_THROW(check_card(example(), network(), "place"));
  EXPECT_THAT([] { check_card(example(), network(3), "place"); },
              ThrowsMessage<Error>(HasSubstr("place/classes: 2 names, but the network has 3 outputs")));
  ModelCard grey = example();
  grey.preprocessing.mean = grey.preprocessing.deviation = {0.5};
  EXPECT_THAT([&] { check_card(grey, network(), "place"); },
              ThrowsMessage<Error>(HasSubstr("place/preprocessing/mean: 1 values, but the network takes 3 channels")));
}

TEST(ModelCard, IsMetadataAsText) {
  const auto metadata = card_metadata(example());
  EXPECT_EQ(to_json(model_card_from_json(json::parse(metadata.at("card")), "card")), to_json(example()));
  EXPECT_EQ(metadata.at("classes"), R"(["cat","dog"])");
  EXPECT_EQ(json::parse(metadata.at("preprocessing")).at("px"), 16);
  EXPECT_EQ(metadata.at("trial"), "12");
  EXPECT_EQ(metadata.at("job"), example().job);
  ModelCard outside = example();
  outside.trial = 0;
  outside.job.clear();
  outside.classes = {"caf\xe9", "dog"};  // not UTF-8
  const auto without = card_metadata(outside);
  EXPECT_FALSE(without.contains("trial"));
  EXPECT_FALSE(without.contains("job"));
  EXPECT_EQ(json::parse(without.at("classes")).size(), 2U);
}

TEST(ModelCard, SchemaOfTheDocumentationIsCurrent) {
  const json schema = read_json_file(std::string(GENSYNTH_SOURCE_DIR) + "/docs/architecture.schema.json");
  json card = schema.at("properties").at("card");
  card.erase("description");
  EXPECT_EQ(card, json::parse(model_card_options().schema().dump()))
      << "expected " << model_card_options().schema().dump(2);
}

}  // namespace
}  // namespace gensynth
