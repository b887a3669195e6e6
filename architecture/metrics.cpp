#include "architecture/metrics.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth {

const char* to_string(Provenance provenance) {
  switch (provenance) {
    case Provenance::exact:
      return "exact";
    case Provenance::measured:
      return "measured";
    case Provenance::predicted:
      return "predicted";
  }
  return "exact";
}

Quantity Quantity::exact(double value, std::string unit) {
  return {.value = value,
          .unit = std::move(unit),
          .provenance = Provenance::exact,
          .source = "counted",
          .low = value,
          .high = value};
}

Quantity Quantity::measured(double value, std::string unit, std::string source) {
  return {.value = value,
          .unit = std::move(unit),
          .provenance = Provenance::measured,
          .source = std::move(source),
          .low = value,
          .high = value};
}

Quantity Quantity::predicted(double value, std::string unit, std::string source, double low, double high) {
  return {.value = value,
          .unit = std::move(unit),
          .provenance = Provenance::predicted,
          .source = std::move(source),
          .low = low,
          .high = high};
}

void Metrics::set(std::string name, Quantity quantity) {
  for (auto& item : items_) {
    if (item.first == name) {
      item.second = std::move(quantity);
      return;
    }
  }
  items_.emplace_back(std::move(name), std::move(quantity));
}

const Quantity* Metrics::find(std::string_view name) const {
  for (const auto& item : items_) {
    if (item.first == name) return &item.second;
  }
  return nullptr;
}

const Quantity& Metrics::at(std::string_view name) const {
  if (const Quantity* found = find(name)) return *found;
  std::string have;
  for (const auto& item : items_) have += (have.empty() ? "" : ", ") + item.first;
  throw Error("no metric '" + std::string(name) + "'; known here: " + (have.empty() ? "none" : have));
}

std::optional<double> Metrics::value(std::string_view name) const {
  const Quantity* found = find(name);
  return found ? std::optional(found->value) : std::nullopt;
}

std::vector<std::string> Metrics::names() const {
  std::vector<std::string> result;
  for (const auto& item : items_) result.push_back(item.first);
  return result;
}

nlohmann::ordered_json to_json(const Metrics& metrics) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const auto& [name, quantity] : metrics) {
    nlohmann::ordered_json item = {{"value", quantity.value},
                                   {"unit", quantity.unit},
                                   {"provenance", to_string(quantity.provenance)},
                                   {"source", quantity.source}};
    if (quantity.provenance == Provenance::predicted) {
      item["low"] = quantity.low;
      item["high"] = quantity.high;
      if (quantity.distance > 0 || !quantity.in_distribution) {
        item["in_distribution"] = quantity.in_distribution;
        item["distance"] = quantity.distance;
      }
      if (quantity.unmeasured > 0) item["unmeasured"] = quantity.unmeasured;
      if (quantity.extrapolate) item["extrapolate"] = true;
    }
    result[name] = std::move(item);
  }
  return result;
}

Metrics metrics_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  Metrics metrics;
  constexpr double kLow = std::numeric_limits<double>::lowest();
  constexpr double kHigh = std::numeric_limits<double>::max();
  for (const auto& item : value.items()) {
    JsonReader entry = reader.object(item.key());
    Quantity quantity;
    quantity.value = entry.number("value", kLow, kHigh);
    quantity.unit = entry.string("unit", "");
    const std::string provenance = entry.choice("provenance", {"exact", "measured", "predicted"}, "exact");
    quantity.provenance = provenance == "exact"      ? Provenance::exact
                          : provenance == "measured" ? Provenance::measured
                                                     : Provenance::predicted;
    quantity.source = entry.string("source", "counted");
    quantity.low = entry.number("low", kLow, kHigh, quantity.value);
    quantity.high = entry.number("high", kLow, kHigh, quantity.value);
    quantity.in_distribution = entry.boolean("in_distribution", true);
    quantity.distance = entry.number("distance", 0, kHigh, 0);
    quantity.unmeasured = entry.number("unmeasured", 0, 1, 0);
    quantity.extrapolate = entry.boolean("extrapolate", false);
    entry.finish();
    metrics.set(item.key(), std::move(quantity));
  }
  return metrics;
}

}  // namespace gensynth
