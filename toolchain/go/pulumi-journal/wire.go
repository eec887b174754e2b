package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

// read decodes a request, or refuses it.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	var body io.Reader = r.Body
	var err error
	if r.Header.Get("Content-Encoding") == "gzip" {
		body, err = gzip.NewReader(r.Body)
	}
	if err == nil {
		err = json.NewDecoder(body).Decode(into)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
	}
	return err == nil
}

func answerWith(value any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, value) }
}

func answer(w http.ResponseWriter, value any) {
	if value == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func refuse(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(apitype.ErrorResponse{Code: code, Message: message})
}

// configured is the stack's configuration as the history keeps it: secrets stay encrypted.
func configured(sent map[string]apitype.ConfigValue) (config.Map, error) {
	values := config.Map{}
	for name, value := range sent {
		key, err := config.ParseKey(name)
		if err != nil {
			return nil, err
		}
		switch {
		case value.Object && value.Secret:
			values[key] = config.NewSecureObjectValue(value.String)
		case value.Object:
			values[key] = config.NewObjectValue(value.String)
		case value.Secret:
			values[key] = config.NewSecureValue(value.String)
		default:
			values[key] = config.NewValue(value.String)
		}
	}
	return values, nil
}
