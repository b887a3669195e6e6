#include "constraints/constraint_info.hpp"

#include "architecture/base/json_reader.hpp"

namespace gensynth::constraints {
namespace {

OptionList<ConstraintSpec> declare() {
  OptionList<ConstraintSpec> options;
  auto& hard =
      options.add("hard", &ConstraintSpec::hard, anything(), "true: a violation rejects; false: it costs U a penalty");
  hard.shown_default = "depends on the constraint";
  options.add("weight", &ConstraintSpec::weight, at_least(0),
              "penalty of a soft constraint, in dB for each unit of relative violation");
  auto& label = options.add("label", &ConstraintSpec::label, anything(), "name of the constraint in logs");
  label.shown_default = "the constraint's name";
  label.schema = R"({"minLength": 1})";
  label.after = [](JsonReader& reader, void* spec) {
    if (static_cast<const ConstraintSpec*>(spec)->label.empty()) {
      reader.fail("label", "expected some text, found \"\"");
    }
  };
  options.add("plugin", &ConstraintSpec::plugin, anything(), "path of a shared library that brings the constraint")
      .shown_default = "none";
  return options;
}

}  // namespace

nlohmann::ordered_json to_json(const ConstraintSpec& spec) {
  nlohmann::ordered_json result = {{"constraint", spec.constraint}};
  if (spec.label != spec.constraint) result["label"] = spec.label;
  if (!spec.plugin.empty()) result["plugin"] = spec.plugin;
  result["hard"] = spec.hard;
  result["weight"] = spec.weight;
  result.update(spec.parameters);
  return result;
}

const OptionList<ConstraintSpec>& constraint_options() {
  static const OptionList<ConstraintSpec> options = declare();
  return options;
}

}  // namespace gensynth::constraints
