// Any bytes as a job's "space" (a user's own space file stands inline in it): an Error, or a space whose genotypes all
// build, whose answers all have labels and whose effective form is the same space.
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "generator/make_space.hpp"
#include "generator/space/search_space.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    const nlohmann::json value = parse_json(text, "fuzz");
    const auto space = generator::make_space(value, "fuzz", "/space");
    fuzz::demand(std::isfinite(space->log10_size()));
    const nlohmann::json effective = to_json(generator::space_spec_from_json(value, "fuzz", "/space"));
    fuzz::demand(nlohmann::json(to_json(generator::space_spec_from_json(effective, "effective", "/space"))) ==
                 effective);
    Rng rng(derive_seed(1, 0, "fuzz"));
    const bool columnar = effective.at("kind") == "columnar";
    for (int i = 0; i < 3; ++i) {
      const space::Genotype genotype = space->sample(rng);
      fuzz::demand(space->contains(genotype));
      try {
        (void)space->build(genotype);
      } catch (const Error&) {
        fuzz::demand(!columnar);  // the check of a user's space when it is read may have missed a mistake
      }
      for (const space::Decision& decision : space->decisions(genotype))
        (void)space->label(decision, decision.choices - 1);
      fuzz::demand(space->contains(space->mutate(genotype, 2, rng)));
      fuzz::demand(space->contains(space->crossover(genotype, space->sample(rng), rng)));
    }
  });
}
