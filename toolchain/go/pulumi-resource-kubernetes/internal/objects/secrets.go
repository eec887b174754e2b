package objects

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// MarkSecrets marks in outs what is secret in ins. Objects are compared property by property, so that one secret does
// not hide a whole Deployment; a list with a secret in it is hidden as a whole, because the server may reorder it.
// `data` and `stringData` of a Secret are always hidden.
func MarkSecrets(outs, ins resource.PropertyMap) {
	if kind, ok := outs["kind"]; ok && kind.IsString() && kind.StringValue() == "Secret" {
		for _, key := range []resource.PropertyKey{"data", "stringData"} {
			if value, ok := outs[key]; ok {
				outs[key] = resource.MakeSecret(plain(value))
			}
		}
	}
	for key, in := range ins {
		out, ok := outs[key]
		if !ok || out.IsSecret() {
			continue
		}
		switch {
		case out.IsObject() && in.IsObject():
			MarkSecrets(out.ObjectValue(), in.ObjectValue())
		case in.ContainsSecrets():
			outs[key] = resource.MakeSecret(plain(out))
		}
	}
}

// plain removes the secrets inside a value that is about to be one as a whole.
func plain(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsSecret():
		return plain(value.SecretValue().Element)
	case value.IsObject():
		object := resource.PropertyMap{}
		for key, element := range value.ObjectValue() {
			object[key] = plain(element)
		}
		return resource.NewObjectProperty(object)
	case value.IsArray():
		elements := make([]resource.PropertyValue, 0, len(value.ArrayValue()))
		for _, element := range value.ArrayValue() {
			elements = append(elements, plain(element))
		}
		return resource.NewArrayProperty(elements)
	}
	return value
}
