#include "constraints/plugin/plugin_rule.hpp"

#include <limits>
#include <map>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/cost.hpp"
#include "architecture/serialize.hpp"
#include "constraints/rules/rule.hpp"

namespace gensynth::plugin {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::max();

constraints::CostClass cost_class(JsonReader& reader) {
  const std::string name = reader.choice("cost_class", {"graph", "latency", "proxy", "full"}, "graph");
  for (const constraints::CostClass known :
       {constraints::CostClass::graph, constraints::CostClass::latency, constraints::CostClass::proxy}) {
    if (name == to_string(known)) return known;
  }
  return constraints::CostClass::full;
}

std::vector<std::string> strings(JsonReader& reader, const std::string& key) {
  std::vector<std::string> result;
  if (!reader.has(key)) return result;
  for (const auto& item : reader.array(key)) {
    if (!item.is_string()) reader.fail(key, "expected strings, found " + item.dump());
    result.push_back(item.get<std::string>());
  }
  return result;
}

constraints::ParameterInfo parameter_info(const nlohmann::json& value, const std::string& who,
                                          const std::string& pointer) {
  JsonReader reader(value, who, pointer);
  constraints::ParameterInfo result;
  result.name = reader.string("name");
  result.type = reader.choice("type", {"number", "integer", "boolean", "string"});
  if (reader.has("default")) result.fallback = reader.value("default");
  result.low = reader.number("low", -kNoLimit, kNoLimit, 0);
  result.high = reader.number("high", -kNoLimit, kNoLimit, 0);
  result.choices = strings(reader, "choices");
  result.help = reader.string("help", "");
  reader.finish();
  return result;
}

nlohmann::json shape_list(const Shape& shape) {
  if (shape.layout == Layout::vector) return {shape.channels};
  // A map is [channels, height, width]; tokens are [groups, tokens, channels] (to_string of operators.hpp).
  return shape.layout == Layout::map ? nlohmann::json{shape.channels, shape.height, shape.width}
                                     : nlohmann::json{shape.height, shape.width, shape.channels};
}

/// Shape and cost of each vertex, as gensynth_plugin.h defines them.
nlohmann::json vertex_list(const Architecture& architecture) {
  constexpr std::int64_t kBytes = 4;  // of an FP32 value
  nlohmann::json result = nlohmann::json::array();
  for (int v = 0; v < architecture.size(); ++v) {
    const Shape& shape = architecture.shape(v);
    const VertexCost cost = vertex_cost(architecture, v);
    result.push_back({{"id", architecture[v].id},
                      {"shape", shape_list(shape)},
                      {"params", cost.params},
                      {"macs", cost.macs},
                      {"output_bytes", kBytes * shape.elements()}});
  }
  return result;
}

class PluginRule : public rules::Rule {
 public:
  PluginRule(std::shared_ptr<PluginProcess> process, std::size_t kind,
             const constraints::ConstraintArguments& arguments, constraints::CostClass cost_class)
      : rules::Rule(arguments, cost_class),
        process_(std::move(process)),
        who_("constraint '" + arguments.name + "' (plugin " + process_->path() + ")"),
        made_(process_->create(kind, who_, arguments.parameters.dump())) {}
  ~PluginRule() override { process_->destroy(made_); }
  PluginRule(const PluginRule&) = delete;
  PluginRule& operator=(const PluginRule&) = delete;

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const std::string network = to_json(subject.architecture()).dump();
    const std::string numbers = to_json(subject.metrics()).dump();
    const std::string vertices = vertex_list(subject.architecture()).dump();
    return read_verdict(process_->check(made_, network, numbers, vertices), subject.architecture());
  }

 private:
  constraints::Verdict read_verdict(const std::string& text, const Architecture& architecture) const {
    const std::string source = who_ + ": its verdict";
    const nlohmann::json value = parse_json(text, source);
    JsonReader reader(value, source);
    const double measured = reader.number("measured", -kNoLimit, kNoLimit);
    const double bound = reader.number("bound", -kNoLimit, kNoLimit);
    constraints::Verdict result = verdict(measured, bound, reader.string("unit", ""));
    result.violation = reader.number("violation", 0, kNoLimit);
    result.satisfied = result.violation == 0;
    result.message = reader.string("message", "");
    const std::vector<std::string> ids = strings(reader, "vertices");
    reader.finish();
    if (ids.empty()) return result;
    std::map<std::string, int> index;
    for (int v = 0; v < architecture.size(); ++v) index[architecture[v].id] = v;
    for (const std::string& id : ids) {
      const auto found = index.find(id);
      if (found == index.end()) reader.fail("vertices", "the architecture has no vertex '" + id + "'");
      result.vertices.push_back(found->second);
    }
    return result;
  }

  std::shared_ptr<PluginProcess> process_;
  std::string who_;
  std::size_t made_;
};

}  // namespace

constraints::ConstraintInfo plugin_info(const std::string& text, const std::string& who, const std::string& path) {
  const std::string source = who + ": its description";
  const nlohmann::json value = parse_json(text, source);
  JsonReader reader(value, source);
  constraints::ConstraintInfo info;
  info.name = reader.string("name");
  info.summary = reader.string("summary", "");
  info.description = reader.string("description", "");
  info.cost_class = cost_class(reader);
  info.hard_by_default = reader.boolean("hard", true);
  info.origin = path;
  if (reader.has("parameters")) {
    const nlohmann::json& parameters = reader.array("parameters");
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      info.parameters.push_back(parameter_info(parameters[i], source, "/parameters/" + std::to_string(i)));
    }
  }
  reader.finish();
  return info;
}

constraints::ConstraintFactory plugin_factory(std::shared_ptr<PluginProcess> process, std::size_t kind,
                                              const constraints::ConstraintInfo& info) {
  return [process = std::move(process), kind, cost_class = info.cost_class](
             const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
    return std::make_unique<PluginRule>(process, kind, arguments, cost_class);
  };
}

}  // namespace gensynth::plugin
