// Any bytes as the output of other processes, plugins and earlier runs: a trial's message, a probe's file, a plugin's
// description, coefficients of predicted accuracy. The first byte selects one of these.
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "constraints/plugin/plugin_rule.hpp"
#include "runtime/accuracy/coefficients.hpp"
#include "runtime/probe/probe.hpp"
#include "search/trial/trial_record.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  if (size == 0) return 0;
  const std::uint8_t kind = data[0];
  return fuzz::accept_or_refuse(data + 1, size - 1, [kind](const std::string& text) {
    if (kind == 't') {
      trial::Trial trial;
      const std::string said = trial::read_trial_message(text, trial);
      trial::Trial again;
      fuzz::demand(trial::read_trial_message(trial::trial_message(said, trial), again) == said);
      fuzz::demand(trial::trial_body(again) == trial::trial_body(trial));
    } else if (kind == 'p') {
      const probe::ProbeResult result = probe::probe_from_json(parse_json(text, "fuzz"), "fuzz");
      fuzz::demand(to_json(probe::probe_from_json(to_json(result), "again")) == to_json(result));
    } else if (kind == 'd') {
      registry::ConstraintRegistry registry;
      registry.add(plugin::plugin_info(text, "fuzz", "fuzz"), nullptr);
    } else if (kind == 'c') {
      const accuracy::AccuracyCoefficients read =
          accuracy::accuracy_coefficients_from_json(parse_json(text, "fuzz"), "fuzz");
      fuzz::demand(to_json(accuracy::accuracy_coefficients_from_json(to_json(read), "again")) == to_json(read));
    }
  });
}
