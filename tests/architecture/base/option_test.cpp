#include "architecture/base/option.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

struct Engine {
  int cylinders = 4;
  double litres = 1.6;
};

enum class Metal { steel, alloy };
const EnumNames<Metal> kMetals = {{Metal::steel, "steel"}, {Metal::alloy, "alloy"}};

struct Wheels {
  Metal kind = Metal::steel;
  bool spare = true;
};

struct Car {
  Engine engine;
  Wheels wheels;
  bool has_radio = true;
  Engine radio;  // any struct works here
  std::int64_t mileage = 0;
  std::uint64_t serial = 1;
  std::vector<int> services;
};

const OptionList<Engine>& engine_options() {
  static const OptionList<Engine> options = [] {
    OptionList<Engine> list;
    list.add("cylinders", &Engine::cylinders, between(1, 16), "how many");
    list.add("litres", &Engine::litres, between(0.1, 10), "capacity");
    return list;
  }();
  return options;
}

const OptionList<Car>& car_options() {
  static const OptionList<Wheels> wheels = [] {
    OptionList<Wheels> list;
    list.add_enum("kind", &Wheels::kind, kMetals, "the metal");
    auto& spare = list.add("spare", &Wheels::spare, anything(), "a fifth one");
    spare.after = [](JsonReader& reader, void* object) {
      const auto& read = *static_cast<const Wheels*>(object);
      if (read.kind == Metal::alloy && read.spare) reader.fail("spare", "none for alloy");
    };
    return list;
  }();
  static const OptionList<Car> options = [] {
    OptionList<Car> list;
    list.object("engine", &Car::engine, engine_options(), "what drives it");
    list.include(&Car::wheels, wheels);
    list.object("radio", &Car::radio, engine_options(), "or null").enabled = [](void* car) {
      return &static_cast<Car*>(car)->has_radio;
    };
    list.add("mileage", &Car::mileage, between(0, 1e6), "km so far");
    list.add("serial", &Car::serial, at_least(0), "number");
    list.custom(
            "services", "km of each", R"({"type": "array"})",
            [](JsonReader& reader, Car& car) {
              if (reader.has("services")) car.services = reader.array("services").get<std::vector<int>>();
            },
            [](const Car& car, nlohmann::ordered_json& result) {
              if (!car.services.empty()) result["services"] = car.services;
            })
        .shown_default = "none";
    return list;
  }();
  return options;
}

Car read(const std::string& text) { return car_options().read(json::parse(text), "car.json", "/car"); }

void expect_refused(const std::string& text, const std::string& place, const std::string& what) {
  EXPECT_THAT([&] { (void)read(text); },
              ThrowsMessage<Error>(AllOf(HasSubstr("car.json: /car" + place), HasSubstr(what))));
}

TEST(Option, ReadsWhatIsThereAndKeepsDefaults) {
  const Car car = read(R"({"engine": {"litres": 3}, "kind": "alloy", "spare": false, "radio": null,
                           "serial": 9223372036854775807, "services": [1, 2]})");
  EXPECT_EQ(car.engine.litres, 3);
  EXPECT_EQ(car.engine.cylinders, 4);
  EXPECT_EQ(car.wheels.kind, Metal::alloy);
  EXPECT_FALSE(car.has_radio);
  EXPECT_EQ(car.serial, 9223372036854775807U);
  EXPECT_EQ(car.services, (std::vector<int>{1, 2}));
  EXPECT_EQ(car.mileage, 0);
}

TEST(Option, WritesAllInOrderAndReadsItBack) {
  EXPECT_EQ(car_options().write(Car{}).dump(), R"({"engine":{"cylinders":4,"litres":1.6},"kind":"steel","spare":true,)"
                                               R"("radio":{"cylinders":4,"litres":1.6},"mileage":0,"serial":1})");
  Car car;
  car.has_radio = false;
  car.services = {5};
  const std::string text = car_options().write(car).dump();
  EXPECT_THAT(text, HasSubstr(R"("radio":null)"));
  EXPECT_EQ(car_options().write(read(text)).dump(), text);
}

TEST(Option, RefusesWithPlaceAndNearestKey) {
  expect_refused(R"({"engine": {"litre": 3}})", "/engine/litre", "did you mean 'litres'");
  expect_refused(R"({"kid": "steel"})", "/kid", "did you mean 'kind'");
  expect_refused(R"({"kind": "stel"})", "/kind", "did you mean 'steel'");
  expect_refused(R"({"mileage": 1000001})", "/mileage", "from 0 to 1000000");
  expect_refused(R"({"serial": -1})", "/serial", "of at least 0");
  expect_refused(R"({"engine": {"cylinders": 2.5}})", "/engine/cylinders", "whole number");
  expect_refused(R"({"engine": null})", "/engine", "expected an object");
  expect_refused(R"({"kind": "alloy"})", "/spare", "none for alloy");
}

TEST(Option, MakesASchema) {
  const json schema = car_options().schema();
  EXPECT_EQ(schema.at("additionalProperties"), false);
  const json& keys = schema.at("properties");
  EXPECT_EQ(keys.at("engine").at("properties").at("cylinders"), json::parse(R"({"description": "how many",
      "type": "integer", "minimum": 1, "maximum": 16, "default": 4})"));
  EXPECT_EQ(keys.at("kind").at("enum"), (json{"steel", "alloy"}));
  EXPECT_EQ(keys.at("radio").at("oneOf").at(0).at("type"), "null");
  EXPECT_EQ(keys.at("services").at("type"), "array");
  EXPECT_FALSE(keys.at("serial").contains("maximum"));
}

TEST(Option, MakesATable) {
  EXPECT_EQ(car_options().markdown_rows(),
            "| `engine.cylinders` | 4 | 1 to 16 | how many |\n"
            "| `engine.litres` | 1.6 | 0.1 to 10 | capacity |\n"
            "| `kind` | `steel` | `steel`, `alloy` | the metal |\n"
            "| `spare` | `true` | `true`, `false` | a fifth one |\n"
            "| `radio.cylinders` | 4 | 1 to 16 | how many |\n"
            "| `radio.litres` | 1.6 | 0.1 to 10 | capacity |\n"
            "| `mileage` | 0 | 0 to 1,000,000 | km so far |\n"
            "| `serial` | 1 | 0 and more | number |\n"
            "| `services` | none | | km of each |\n");
  EXPECT_THAT(car_options().names(),
              ::testing::ElementsAre("engine.cylinders", "engine.litres", "kind", "spare", "radio.cylinders",
                                     "radio.litres", "mileage", "serial", "services"));
}

TEST(Option, ARangeThatItsMemberCannotHoldIsAFaultOfTheProgram) {
  OptionList<Engine> list;
  try {
    list.add("cylinders", &Engine::cylinders, between(0, 1e12), "too many");
    FAIL() << "the range was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
  }
  EXPECT_THROW((void)list.option("none"), Error);
}

}  // namespace
}  // namespace gensynth
