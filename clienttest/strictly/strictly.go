// Package strictly reads JSON into structs and lets nothing pass that they do
// not declare: it tells of unknown and missing fields, of null, and of enum
// values that are not known. A field with omitempty may be absent, no other; a
// pointer without it may be null, nothing else. Of a union with a discriminator
// it reads what that names.
package strictly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Decode reads one JSON value. Errors name the place as a JSON pointer.
func Decode(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the value")
	}
	return check("", raw, reflect.TypeOf(into).Elem())
}

// check compares a value that has the right JSON type already with what t
// declares.
func check(at string, raw json.RawMessage, t reflect.Type) error {
	if string(bytes.TrimSpace(raw)) == "null" {
		return fmt.Errorf("%s: is null", at)
	}
	if t.Kind() == reflect.Pointer {
		return check(at, raw, t.Elem())
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return checkUnion(at, raw, t)
	}
	switch {
	case t.Kind() == reflect.Struct:
		return checkObject(at, raw, t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return checkArray(at, raw, t)
	}
	return checkEnum(at, raw, t)
}

func checkArray(at string, raw json.RawMessage, t reflect.Type) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(raw, &elements); err != nil {
		return err
	}
	for i, element := range elements {
		if err := check(at+"/"+strconv.Itoa(i), element, t.Elem()); err != nil {
			return err
		}
	}
	return nil
}

// checkObject wants the exact names, which encoding/json does not.
func checkObject(at string, raw json.RawMessage, t reflect.Type) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		value, found := fields[name]
		delete(fields, name)
		if !found && options == "omitempty" {
			continue
		}
		if !found {
			return fmt.Errorf("%s/%s: is missing", at, name)
		}
		nullable := field.Type.Kind() == reflect.Pointer && options == ""
		if nullable && string(bytes.TrimSpace(value)) == "null" {
			continue
		}
		if err := check(at+"/"+name, value, field.Type); err != nil {
			return err
		}
	}
	if len(fields) > 0 {
		return fmt.Errorf("%s/%s: is not declared", at, slices.Min(slices.Collect(maps.Keys(fields))))
	}
	return nil
}

// checkUnion compares a value that reads itself with what its discriminator names.
// Without a discriminator nothing is known of it.
func checkUnion(at string, raw json.RawMessage, t reflect.Type) error {
	value := reflect.New(t)
	if err := json.Unmarshal(raw, value.Interface()); err != nil {
		return err
	}
	union, ok := value.Interface().(interface{ ValueByDiscriminator() (any, error) })
	if !ok {
		return nil
	}
	variant, err := union.ValueByDiscriminator()
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return check(at, raw, reflect.TypeOf(variant))
}

// checkEnum asks the types that oapi-codegen makes of enums.
func checkEnum(at string, raw json.RawMessage, t reflect.Type) error {
	value := reflect.New(t)
	if err := json.Unmarshal(raw, value.Interface()); err != nil {
		return err
	}
	enum, ok := value.Elem().Interface().(interface{ Valid() bool })
	if ok && !enum.Valid() {
		return fmt.Errorf("%s: %s is no value of the enum", at, raw)
	}
	return nil
}
