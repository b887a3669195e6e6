#include "architecture/zoo/zoo.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/zoo/blocks/blocks.hpp"
#include "architecture/zoo/nas_bench_201.hpp"
#include "architecture/zoo/once_for_all.hpp"

namespace gensynth::embedded {
extern const std::string_view zoo_networks_json;
extern const std::string_view zoo_ncnn_networks_json;
}  // namespace gensynth::embedded

namespace gensynth::zoo {

namespace {

struct Table {
  std::string family;
  int px;
  std::string layers;
};

struct Zoo {
  std::vector<ZooFacts> facts;
  std::map<std::string, Table> tables;  ///< by name; the variants are not in the list
};

constexpr const char* kSource = "architecture/zoo/networks.json";
constexpr const char* kVariantsPrefix = "ncnn-";
constexpr const char* kVariantsSource = "architecture/zoo/ncnn_networks.json";

std::string source_named(JsonReader& entry, JsonReader& sources, const std::string& key) {
  const std::string name = entry.string(key);
  if (!sources.has(name)) entry.fail(key, "unknown source '" + name + "'");
  return sources.string(name);
}

std::optional<double> optional_number(JsonReader& entry, const std::string& key, double high) {
  if (!entry.has(key)) return std::nullopt;
  return entry.number(key, 0, high);
}

Zoo load() {
  const nlohmann::json root = parse_json(std::string(embedded::zoo_networks_json), kSource);
  JsonReader file(root, kSource);
  file.format("gensynth.zoo", 1);
  JsonReader sources = file.object("sources");
  Zoo zoo;
  const nlohmann::json& networks = file.array("networks");
  for (std::size_t i = 0; i < networks.size(); ++i) {
    JsonReader entry(networks[i], kSource, "/networks/" + std::to_string(i));
    ZooFacts facts;
    facts.name = entry.string("name");
    facts.family = entry.string("family");
    facts.px = static_cast<int>(entry.integer("px", 32, 1024));
    facts.top1 = optional_number(entry, "top1", 100);
    if (facts.top1) facts.top1_source = source_named(entry, sources, "top1_source");
    facts.params_m = optional_number(entry, "params_m", 1e4);
    facts.macs_m = optional_number(entry, "macs_m", 1e6);
    facts.source = source_named(entry, sources, "source");
    zoo.tables.insert_or_assign(facts.name, Table{facts.family, facts.px, entry.string("layers")});
    entry.finish();
    zoo.facts.push_back(std::move(facts));
  }
  sources.finish();
  file.finish();
  return zoo;
}

/// The networks as a runtime's own benchmark runs them. They are needed for its latencies and have no published
/// figures.
void load_variants(Zoo& zoo) {
  const nlohmann::json root = parse_json(std::string(embedded::zoo_ncnn_networks_json), kVariantsSource);
  JsonReader file(root, kVariantsSource);
  file.format("gensynth.zoo_variants", 1);
  file.string("source");
  const nlohmann::json& networks = file.array("networks");
  for (std::size_t i = 0; i < networks.size(); ++i) {
    JsonReader entry(networks[i], kVariantsSource, "/networks/" + std::to_string(i));
    const std::string name = entry.string("name");
    if (entry.has("same_as")) {
      const auto original = zoo.tables.find(entry.string("same_as"));
      if (original == zoo.tables.end()) entry.fail("same_as", "not the name of a reference network");
      zoo.tables.insert_or_assign(name, Table(original->second));
    } else {
      const std::string family = entry.string("family");
      const int px = static_cast<int>(entry.integer("px", 32, 1024));
      zoo.tables.insert_or_assign(name, Table{family, px, entry.string("layers")});
    }
    entry.finish();
  }
  file.finish();
}

const Zoo& catalogue() {
  static const Zoo loaded = [] {
    Zoo zoo = load();
    load_variants(zoo);
    return zoo;
  }();
  return loaded;
}

/// The name without zeros at the end of decimals: "1.0" becomes "1", "0.50" becomes "0.5".
std::string shortest_numbers(const std::string& name) {
  static const std::regex zeros(R"((\d)(?:\.0+|(\.\d*[1-9])0+)(?!\d))");
  return std::regex_replace(name, zeros, "$1$2");
}

/// The name with the same numbers, else the nearest.
std::string suggested(const std::string& name, const std::vector<std::string>& names) {
  for (const std::string& known : names) {
    if (shortest_numbers(known) == shortest_numbers(name)) return " (did you mean '" + known + "'?)";
  }
  return suggestion(name, names);
}

[[noreturn]] void fail_unknown(const std::string& name) {
  std::vector<std::string> names;
  std::string variants;
  for (const auto& [known, table] : catalogue().tables) {
    names.push_back(known);
    if (known.starts_with(kVariantsPrefix)) variants += (variants.empty() ? "" : ", ") + known;
  }
  if (name.starts_with(kVariantsPrefix)) {  // `zoo list` does not show them
    throw Error("unknown zoo network '" + name + "'" + suggested(name, names) + ", expected one of " + variants);
  }
  throw Error("unknown zoo network '" + name + "', expected one of `gensynth zoo list`, ncnn-NAME, " +
              std::string(kNasBench201Prefix) + "CELL, " + kOnceForAllPrefix +
              "ks=...,e=...,d=...,px=... or "
              "kernel:KIND-cC-pxP" +
              suggested(name, names));
}

}  // namespace

const std::vector<ZooFacts>& zoo_list() { return catalogue().facts; }

const ZooFacts& zoo_facts(const std::string& name) {
  const std::vector<ZooFacts>& facts = catalogue().facts;
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const ZooFacts& f) { return f.name == name; });
  if (found == facts.end()) fail_unknown(name);
  return *found;
}

Architecture zoo_network(const std::string& name) {
  if (name.starts_with(kNasBench201Prefix)) return nas_bench_201(parse_nas_bench_201_cell(name)).renamed(name);
  if (name.starts_with(kOnceForAllPrefix)) return once_for_all(parse_once_for_all(name)).renamed(name);
  const auto table = catalogue().tables.find(name);
  if (table == catalogue().tables.end()) fail_unknown(name);
  return zoo::build_network(name, table->second.px, table->second.layers);
}

std::string zoo_family(const std::string& name) {
  if (name.starts_with(kNasBench201Prefix)) return "nas-bench-201";
  if (name.starts_with(kOnceForAllPrefix)) return "ofa-mobilenet-v3";
  const auto table = catalogue().tables.find(name);
  if (table == catalogue().tables.end()) fail_unknown(name);
  return table->second.family;
}

}  // namespace gensynth::zoo
