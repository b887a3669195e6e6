// gensynth_calibrate MEASUREMENTS.csv DEVICE OUT: fits a device file to measurements and prints the residuals.

#include <cstdio>
#include <exception>

#include "runtime/latency/calibrate.hpp"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: gensynth_calibrate MEASUREMENTS.csv DEVICE OUT\n");
    return 2;
  }
  try {
    std::fputs(to_text(gensynth::calibrate_file(argv[1], argv[2], argv[3])).c_str(), stdout);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth_calibrate: %s\n", error.what());
    return 2;
  }
  return 0;
}
