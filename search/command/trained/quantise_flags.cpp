#include "search/command/trained/quantise_flags.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "runtime/quantisation/calibration.hpp"
#include "search/command/trained/data_flag.hpp"

namespace gensynth::command::trained {

std::vector<CLI::Option*> QuantiseFlags::add_to(CLI::App& command, const std::string& prefix) {
  constexpr int kMostImages = 100000;
  std::vector<std::string> words = quantisation::calibration_words();
  words.insert(words.begin(), "auto");
  return {
      command.add_option("--data", data,
                         prefix +
                             "images to calibrate with: a folder or tar archive by class, 'drawn', a JSON object or "
                             "file; without it those of the run that NET is from"),
      command
          .add_option("--calibration", quantisation.calibration,
                      prefix + "which values an int8 covers: minmax (all), percentile (all but one in 10,000 at each "
                               "end), entropy (the least loss of information); auto: the one with the least error")
          ->capture_default_str()
          ->check(CLI::IsMember(words)),
      command.add_option("--calibration-images", quantisation.images, prefix + "training images to calibrate with")
          ->capture_default_str()
          ->check(CLI::Range(1, kMostImages)),
      command.add_option("--keep", quantisation.keep, prefix + "vertices that stay in float32, by id")->delimiter(',')};
}

std::string QuantiseFlags::named(const std::string& network, const run::NetworkRef& net) const {
  if (!data.empty()) return data;
  if (net.run.empty()) throw Error(network + ": int8 needs images to calibrate with; name them with --data");
  return net.run + "/job.json";
}

companion::Quantisation QuantiseFlags::request(const std::string& network, const run::NetworkRef& net) const {
  companion::Quantisation result = quantisation;
  result.data =
      data::data_spec_from_json(data_of(named(network, net)), data.empty() ? "data of the run" : "--data", "");
  return result;
}

}  // namespace gensynth::command::trained
