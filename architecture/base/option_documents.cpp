#include <cmath>
#include <cstdio>

#include "architecture/base/option.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// A whole number with separators ("100,000"), any other as short as it can be.
std::string number_text(double value) {
  char text[40];
  if (std::abs(value) < 1e15 && value == std::floor(value)) {
    std::snprintf(text, sizeof text, "%.0f", value);
    std::string digits = text;
    for (std::size_t i = digits.size(); i > 3 + (digits[0] == '-' ? 1U : 0U);) digits.insert(i -= 3, ",");
    return digits;
  }
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

json number_json(double value) {
  if (std::abs(value) < 1e15 && value == std::floor(value)) return static_cast<std::int64_t>(value);
  return value;
}

std::string default_text(const OptionTable::Entry& entry) {
  if (!entry.shown_default.empty()) return entry.shown_default;
  const json& value = entry.option.fallback;
  if (value.is_null()) return "";
  if (value.is_number()) return number_text(value.get<double>());
  return "`" + (value.is_string() ? value.get<std::string>() : value.dump()) + "`";
}

std::string values_text(const OptionTable::Entry& entry) {
  if (!entry.shown_values.empty()) return entry.shown_values;
  const Option& option = entry.option;
  if (option.type == "boolean") return "`true`, `false`";
  std::string text;
  for (const std::string& choice : option.choices) text += (text.empty() ? "`" : ", `") + choice + "`";
  if (option.low < option.high) {
    text = number_text(option.low) + (std::isinf(option.high) ? " and more" : " to " + number_text(option.high));
  }
  return text;
}

ordered_json value_schema(const Option& option) {
  ordered_json result = ordered_json::object();
  if (!option.choices.empty()) {
    result["enum"] = option.choices;
  } else if (!option.type.empty()) {
    result["type"] = option.type;
  }
  if (option.low < option.high) {
    result["minimum"] = number_json(option.low);
    if (!std::isinf(option.high)) result["maximum"] = number_json(option.high);
  }
  return result;
}

}  // namespace

ordered_json OptionTable::schema() const {
  ordered_json properties = ordered_json::object();
  for (const Entry& entry : entries_) {
    if (entry.included) {
      const ordered_json part = entry.part_options->schema();
      for (const auto& [name, value] : part.at("properties").items()) properties[name] = value;
      continue;
    }
    ordered_json described = ordered_json::object();
    if (!entry.option.help.empty()) described["description"] = entry.option.help;
    ordered_json value = entry.part_options != nullptr ? entry.part_options->schema() : value_schema(entry.option);
    if (!entry.schema_short.empty()) value = {{"oneOf", {{{"enum", entry.schema_short}}, value}}};
    if (entry.enabled) value = {{"oneOf", {{{"type", "null"}}, value}}};
    described.update(value);
    if (!entry.schema.empty()) described.update(ordered_json::parse(entry.schema));
    if (!entry.option.fallback.is_null() && entry.shown_default.empty()) described["default"] = entry.option.fallback;
    properties[entry.option.name] = std::move(described);
  }
  ordered_json result = {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!object_schema.empty()) result.update(ordered_json::parse(object_schema));
  return result;
}

std::string markdown_head() { return "| key | default | accepts | meaning |\n|---|---|---|---|\n"; }

std::string OptionTable::markdown_rows(const std::string& prefix) const {
  std::string text;
  for (const Entry& entry : entries_) {
    if (entry.part_options != nullptr) {
      text += entry.part_options->markdown_rows(entry.included ? prefix : prefix + entry.option.name + ".");
      continue;
    }
    const auto cell = [](const std::string& content) { return content.empty() ? " |" : " " + content + " |"; };
    text += "| `" + prefix + entry.option.name + "` |" + cell(default_text(entry)) + cell(values_text(entry)) +
            cell(entry.option.help) + "\n";
  }
  return text;
}

}  // namespace gensynth
